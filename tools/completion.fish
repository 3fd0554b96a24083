# SPDX-License-Identifier: BSD-3-Clause
# Completion for the commands of all2all, in fish: installed under the name of each.
#
# As in completion.bash, options, what follows them and the subcommands are taken out of COMMAND
# --help, settings out of all2all-pwcheck --show-config. What stands here is how a kind of argument
# is completed. fish reads this file when it first completes the command.

# KEY=VALUE: fish chooses what goes on from what was typed.
function __all2all_settings
    for line in (all2all-pwcheck --show-config 2>/dev/null | string match -r '^[a-z_]+ =.*')
        set -l setting (string split -m 1 ' =' -- $line)
        set -l key $setting[1]
        switch "$key="(string trim -- $setting[2])
            case 'profile=*'
                printf '%s\n' profile={house,safeonweb,anssi,bsi,cnil,nist}
            case 'lang=*'
                printf '%s\n' lang={fr,nl,de,en}
            case '*=yes' '*=no'
                printf '%s\n' $key={yes,no}
            case '*'
                echo "$key="
        end
    end
end

# Prints the arguments of complete(1) for what follows an option: by what the help calls it, or,
# where that says too little, by the option.
function __all2all_argument -a option argument
    switch "$option $argument"
        case '* KEY=VALUE'
            printf '%s\n' -a '(__all2all_settings)'
        case '* LANGUAGE'
            printf '%s\n' -a 'fr nl de en'
        case '* ALPHABET'
            printf '%s\n' -a 'fr fr_BE fr_FR nl nl_BE nl_NL de de_BE de_DE en'
        case '* LANGUAGES'
            printf '%s\n' -a '(__fish_complete_list , "string split \" \" \"fr nl de en\"")'
        case '--format *'
            printf '%s\n' -a '(__fish_complete_list , "string split \" \" \"text html pdf\"")'
        case '* WHEN'
            printf '%s\n' -a 'auto always never'
        case '* SCHEME'
            printf '%s\n' -a 'yescrypt bcrypt sha512 argon2id'
        case '* FILE' '* LIST' '* OUT'
            echo -- -F
        case '* DIR'
            printf '%s\n' -a '(__fish_complete_directories)'
        case '* USER' '--user *'
            printf '%s\n' -a '(__fish_complete_users)'
        case '* DOMAIN'
            printf '%s\n' -a '(__fish_print_hostnames)'
        case '--service *'
            printf '%s\n' -a '(path basename /etc/pam.d/* 2>/dev/null)'
    end
end

# The options in the help.
function __all2all_options -a name
    for line in $argv[2..]
        string match -qr '^ +(?:-(?<short>.), )?--(?<long>[a-z][a-z-]*)(?:\[=(?<optional>[A-Z=]+)\]| (?<required>[A-Z=]+))? +(?<text>[^ ].*)$' -- $line
        or continue
        set -l option -c $name -l $long -d "$text"
        test -n "$short"; and set -a option -s $short
        set -l argument (__all2all_argument --$long "$optional$required")
        # -r: an argument must follow; -f: no file, unless the argument is one.
        test -n "$required"; and set -a option -r
        contains -- -F $argument; or set -a option -f
        complete $option $argument
    end
end

# The subcommands in the usage lines, and what follows each.
function __all2all_subcommands -a name
    set -l names
    set -l takes
    set -l texts
    for line in $argv[2..]
        test -n "$line"; or break
        set -l usage (string replace -r '^usage:' '' -- $line | string trim)
        set -l text ''
        set -l part (string split -m 1 '  ' -- $usage)
        set -q part[2]; and set text (string trim -- $part[2])
        set -l subcommand
        set -l argument ''
        set -l skip
        for word in (string split -n ' ' -- $part[1])[2..]
            if string match -qr '^\[?-' -- $word
                string match -q '*]' -- $word; or set skip 1
                continue
            end
            if string match -qr '^[^]]*[a-z][^]]*$' -- $word
                set -q subcommand[1]; or set subcommand $word
            else if not set -q skip[1]; and test -z "$argument"; and not string match -qr '[a-z]' -- $word
                set argument (string replace -ar '[].[]' '' -- $word)
            end
            set -e skip[1]
        end
        if set -q subcommand[1]
            set -a names $subcommand
            set -a takes "$argument"
            set -a texts "$text"
        end
    end
    complete -c $name -f
    if not set -q names[1]
        # Without subcommands, what follows stands in the usage line.
        set -l operand (string match -r ' \[?(USER|FILE)(?:\.\.\.)?\]?(?: |$)' -- $argv[2])
        set -q operand[2]; and complete -c $name (__all2all_argument '' $operand[2])
        return
    end
    for i in (seq (count $names))
        complete -c $name -n "not __fish_seen_subcommand_from $names" -a $names[$i] -d "$texts[$i]"
        set -l argument (__all2all_argument '' $takes[$i])
        set -q argument[1]
        and complete -c $name -n "__fish_seen_subcommand_from $names[$i]" $argument
    end
end

# all2all-leaks and all2all-passwd are root's, whose folder may not be in the path of others.
function __all2all_complete -a name
    for program in $name /usr/sbin/$name /usr/local/sbin/$name
        set -l help (command $program --help 2>/dev/null)
        or continue
        __all2all_options $name $help
        __all2all_subcommands $name $help
        return
    end
end

__all2all_complete (string replace -r '\.fish$' '' -- (status basename))
