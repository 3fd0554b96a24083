#compdef all2all-audit all2all-dict all2all-issue all2all-leaks all2all-passwd all2all-pwcheck all2all-pwgen all2all-setup
# SPDX-License-Identifier: BSD-3-Clause
# Completion for the commands of all2all, in zsh: installed as _all2all in a folder of $fpath.
#
# As in completion.bash, options, what follows them and the subcommands are taken out of COMMAND
# --help, settings out of all2all-pwcheck --show-config. What stands here is how a kind of argument
# is completed.

# KEY=VALUE: the key as long as there is no =, then what the key's value looks like.
_all2all_setting() {
	local pwcheck=${program:h}/all2all-pwcheck key
	local -A settings
	[[ $program == */* && -x $pwcheck ]] || pwcheck=all2all-pwcheck
	settings=(${(f)"$("$pwcheck" --show-config 2>/dev/null |
		sed -n -e 's/^\([a-z_]*\) = *$/\1\n-/p' -e 's/^\([a-z_]*\) = *\(..*\)/\1\n\2/p')"})
	if [[ $PREFIX != *=* ]]; then
		compadd -S = -- ${(k)settings}
		return
	fi
	key=${PREFIX%%=*}
	compset -P '*='
	case $key=$settings[$key] in
	profile=*) compadd -- house safeonweb anssi bsi cnil nist ;;
	lang=*) _sequence compadd - fr nl de en ;;
	*=yes | *=no) compadd -- yes no ;;
	*=/* | words=*) _files ;;
	*) _message value ;;
	esac
}

# _all2all_action OPTION ARGUMENT: sets $action to what completes the argument, by what the help
# calls it, or, where that says too little, by the option.
_all2all_action() {
	case "$1 $2" in
	*' KEY=VALUE') action=_all2all_setting ;;
	*' LANGUAGE') action='(fr nl de en)' ;;
	*' ALPHABET') action='(fr fr_BE fr_FR nl nl_BE nl_NL de de_BE de_DE en)' ;;
	*' LANGUAGES') action='_sequence compadd - fr nl de en' ;;
	'--format '*) action='_sequence compadd - text html pdf' ;;
	*' WHEN') action='(auto always never)' ;;
	*' SCHEME') action='(yescrypt bcrypt sha512 argon2id)' ;;
	*' FILE' | *' LIST' | *' OUT') action=_files ;;
	*' DIR') action='_files -/' ;;
	*' USER' | '--user '*) action=_users ;;
	*' DOMAIN') action=_hosts ;;
	'--service '*) action='_path_files -W /etc/pam.d' ;;
	*) action=' ' ;;
	esac
}

# Adds the options of $help to $specs.
_all2all_options() {
	local line short long optional required text action again
	for line in ${(f)help}; do
		[[ $line =~ '^ +(-(.), )?(--[a-z][a-z-]*)(\[=([A-Z=]+)\]| ([A-Z=]+))? +([^ ].*)$' ]] || continue
		short=${match[2]:+-$match[2]} long=$match[3] optional=$match[5] required=$match[6]
		text=${${${match[7]//:/\\:}//\[/\\[}//\]/\\]}
		again=
		[[ $text == *'may be repeated'* ]] && again='*'
		_all2all_action "$long" "$optional$required"
		if [[ $required ]]; then
			specs+=("$again${long}=[$text]:$required:$action")
			[[ $short ]] && specs+=("$again${short}+[$text]:$required:$action")
		elif [[ $optional ]]; then
			specs+=("${long}=-[$text]::$optional:$action")
			[[ $short ]] && specs+=("${short}-[$text]::$optional:$action")
		else
			specs+=("${long}[$text]")
			[[ $short ]] && specs+=("${short}[$text]")
		fi
	done
}

# Adds the subcommands of $help to $subcommands: NAME:what it does; and to $takes: what follows NAME.
_all2all_subcommands() {
	local line text word name argument skip
	for line in ${(f)${help%%$'\n\n'*}}; do
		line=${${line#usage:}## #}
		text=${${line#*  }## #}
		[[ $line == *'  '* ]] || text=
		name= argument= skip=
		for word in ${=${${line%%  *}#* }}; do
			case $word in
			-*) skip=1 ;;
			'[-'*']' | *[a-z]']') ;;
			'[-'*) skip=1 ;;
			*[a-z]*) name=${name:-$word} ;;
			*) [[ $skip ]] || argument=${argument:-${word//[.\[\]]/}}; skip= ;;
			esac
			[[ $word == -* || $word == '[-'* ]] || skip=
		done
		[[ $name ]] && subcommands+=("$name:$text") takes[$name]=$argument
	done
}

_all2all() {
	local program=${${(Q)words[1]}/#\~/$HOME} help action argument context state state_descr line
	local -a specs subcommands match mbegin mend
	local -A takes opt_args
	local ret=1
	help=$("$program" --help 2>/dev/null) || return 1
	_all2all_options
	_all2all_subcommands
	_arguments -s -S $specs '1: :->first' '*: :->more' && ret=0
	[[ $state ]] || return ret
	if (( $#subcommands )); then
		if [[ $state == first ]]; then
			_describe command subcommands && ret=0
			return ret
		fi
		argument=$takes[$line[1]]
	elif [[ ${help%%$'\n'*} =~ ' \[?(USER|FILE)(\.\.\.)?\]?( |$)' ]]; then
		argument=$match[1]
	fi
	_all2all_action '' "$argument"
	# A list of words is for an option; what follows a command are files or users.
	[[ $action == _* ]] && $=action && ret=0
	return ret
}

_all2all "$@"
