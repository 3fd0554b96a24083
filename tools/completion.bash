# SPDX-License-Identifier: BSD-3-Clause
# Completion for the commands of all2all, in bash: installed under the name of each.
#
# Options, what follows them and the subcommands are taken out of COMMAND --help, settings out of
# all2all-pwcheck --show-config, so that none of them is written here a second time. What stands
# here is how a kind of argument is completed. Needs nothing of the package bash-completion.

# The options in the help on standard input, a line each: SHORT LONG ARGUMENT, with - for none of
# the first and the last; an argument that may be left out keeps its [=.
_all2all_options() {
	local line
	while IFS= read -r line; do
		[[ $line =~ ^\ +(-(.),\ )?(--[a-z][a-z-]*)(\[=[A-Z=]+|\ [A-Z=]+)?(\]|\ \ |$) ]] || continue
		echo "-${BASH_REMATCH[2]} ${BASH_REMATCH[3]} ${BASH_REMATCH[4]:--}"
	done
}

# The subcommands in the help on standard input, a line each: NAME ARGUMENT, with - for none. A usage
# line is COMMAND [...] NAME -OPTION ARGUMENT... and, after two blanks, what it does.
_all2all_subcommands() {
	local line word name argument skip
	while IFS= read -r line && [[ $line ]]; do
		line=${line#usage: }
		line=${line#"${line%%[! ]*}"}
		line=${line%%  *}
		[[ $line == *' '* ]] || continue
		name= argument= skip=
		for word in ${line#* }; do
			case $word in
			-*) skip=1 ;;
			'[-'*']' | *[a-z]']') ;;
			'[-'*) skip=1 ;;
			*[a-z]*) name=${name:-$word} ;;
			*) [[ $skip ]] || argument=${argument:-$word} skip= ;;
			esac
			[[ $word == -* || $word == '[-'* ]] || skip=
		done
		argument=${argument:--}
		[[ $name ]] && echo "$name ${argument//[].[]/}"
	done
}

# The settings, a line each: KEY VALUE. From the command's neighbour, or else from the PATH.
_all2all_settings() {
	local pwcheck=${1%/*}/all2all-pwcheck
	[[ $1 == */* && -x $pwcheck ]] || pwcheck=all2all-pwcheck
	"$pwcheck" --show-config 2>/dev/null | sed -n 's/^\([a-z_]*\) = */\1 /p'
}

# Completes one of the words, or the last of several with commas between them.
_all2all_words() {
	COMPREPLY=($(compgen -W "$2" -- "$1"))
}
_all2all_list() {
	local word given= left=()
	[[ $1 == *,* ]] && given=${1%,*},
	for word in $2; do
		[[ ,$given == *,$word,* ]] || left+=("$given$word")
	done
	COMPREPLY=($(compgen -W "${left[*]}" -- "$1"))
	# Another one may follow.
	compopt -o nospace
}

# KEY=VALUE: the key as long as there is no =, then what the key's value looks like.
_all2all_setting() {
	local key value settings
	settings=$(_all2all_settings "$2")
	if [[ $1 != *=* ]]; then
		COMPREPLY=($(compgen -S = -W "$(cut -d ' ' -f 1 <<<"$settings")" -- "$1"))
		compopt -o nospace
		return
	fi
	while read -r key value; do
		[[ $key == "${1%%=*}" ]] || continue
		case $key=$value in
		profile=*) _all2all_words "${1#*=}" 'house safeonweb anssi bsi cnil nist' ;;
		lang=*) _all2all_list "${1#*=}" 'fr nl de en' ;;
		*=yes | *=no) _all2all_words "${1#*=}" 'yes no' ;;
		*=/* | words=*) compopt -o default ;;
		esac
	done <<<"$settings"
}

# _all2all_argument OPTION ARGUMENT WORD COMMAND: by what the help calls the argument, or, where
# that says too little, by the option. Files are left to bash, which knows how to quote a name.
_all2all_argument() {
	case $1\ $2 in
	*\ KEY=VALUE) _all2all_setting "$3" "$4" ;;
	*\ LANGUAGE) _all2all_words "$3" 'fr nl de en' ;;
	*\ ALPHABET) _all2all_words "$3" 'fr fr_BE fr_FR nl nl_BE nl_NL de de_BE de_DE en' ;;
	*\ LANGUAGES) _all2all_list "$3" 'fr nl de en' ;;
	--format\ *) _all2all_list "$3" 'text html pdf' ;;
	*\ FILE | *\ LIST | *\ OUT) compopt -o default ;;
	*\ DIR) compopt -o dirnames ;;
	*\ USER | --user\ *) COMPREPLY=($(compgen -u -- "$3")) ;;
	*\ DOMAIN) COMPREPLY=($(compgen -A hostname -- "$3")) ;;
	*\ SCHEME) _all2all_words "$3" 'yescrypt bcrypt sha512 argon2id' ;;
	*\ WHEN) _all2all_words "$3" 'auto always never' ;;
	--service\ *) _all2all_words "$3" "$(cd /etc/pam.d 2>/dev/null && echo *)" ;;
	esac
}

# The words up to the cursor, into `words`: bash takes them apart at each = (and so KEY=VALUE comes
# as three), here they are one again.
_all2all_join() {
	local word joined=
	words=()
	for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
		if [[ ${#words[@]} -gt 1 && ($joined || $word == '='*) ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
		joined=
		[[ $word == *= ]] && joined=1
	done
}

_all2all() {
	local command=${1/#\~/$HOME} help words word option='' argument='' short long takes name i
	local subcommand='' kind='' rest='' IFS=$' \t\n'
	COMPREPLY=()
	_all2all_join
	help=$("$command" --help 2>/dev/null) || return 0
	local options subcommands
	options=$(_all2all_options <<<"$help")
	subcommands=$(_all2all_subcommands <<<"$help")

	# What stands before the word at the cursor: is it an option that waits for its argument?
	for ((i = 1; i < ${#words[@]} - 1; i++)); do
		word=${words[i]}
		if [[ $option ]]; then
			option=
		elif [[ $rest || $word != -?* ]]; then
			subcommand=${subcommand:-$word}
		elif [[ $word == -- ]]; then
			rest=1
		else
			while read -r short long takes; do
				# Of short options in one word, the last one may take the next word.
				[[ $word == "$long" || ($word == -[!-]* && $word == *"${short#-}" &&
					$short != -) ]] || continue
				[[ $takes == [A-Z]* ]] && option=$long argument=$takes
			done <<<"$options"
		fi
	done
	word=${words[-1]}
	[[ ${#words[@]} -gt 1 ]] || word=

	if [[ $option ]]; then
		_all2all_argument "$option" "$argument" "$word" "$command"
	elif [[ ! $rest && $word == --*=* ]]; then
		while read -r short long takes; do
			[[ $long == "${word%%=*}" ]] &&
				_all2all_argument "$long" "${takes#'[='}" "${word#*=}" "$command"
		done <<<"$options"
	elif [[ ! $rest && $word == -* ]]; then
		while read -r short long takes; do
			# compgen takes a process for each.
			[[ $long == "$word"* ]] && COMPREPLY+=("$long")
			[[ $word == - && $short != - ]] && COMPREPLY+=("$short")
		done <<<"$options"
	else
		while read -r name kind; do
			if [[ ! $subcommand ]]; then
				[[ $name == "$word"* ]] && COMPREPLY+=("$name")
			elif [[ $name == "$subcommand" ]]; then
				_all2all_argument '' "$kind" "$word" "$command"
			fi
		done <<<"$subcommands"
		# Without subcommands, what follows stands in the usage line.
		if [[ ! $subcommands && ${help%%$'\n'*} =~ \ \[?(USER|FILE)(\.\.\.)?\]?(\ |$) ]]; then
			_all2all_argument '' "${BASH_REMATCH[1]}" "$word" "$command"
		fi
	fi
	# Who does not let bash break words at = is to be given the whole word.
	if [[ $word == *=* && ${COMP_WORDBREAKS-=} != *=* ]]; then
		COMPREPLY=("${COMPREPLY[@]/#/${word%"${word##*=}"}}")
	fi
	return 0
}

complete -F _all2all all2all-audit all2all-dict all2all-issue all2all-leaks all2all-passwd \
	all2all-pwcheck all2all-pwgen all2all-setup
