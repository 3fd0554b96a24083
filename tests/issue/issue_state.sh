# SPDX-License-Identifier: BSD-3-Clause
# For the tests of all2all-issue, after issue_stage.sh: checks the state after an interrupted run
# (WAY_between) and after the same command has resumed it (WAY_after), for each way of handing over.
# Sourced by bash.

# Each account can be opened with the old password or with one of its sheets.
sheets_between() {
	local user shown hidden
	for user in "${users[@]}"; do
		shown=$(passwords_in "$out/$user.txt")
		hidden=$(passwords_in "$out/.$user".*.new.txt)
		if opens "$user" "$old"; then
			is "$1: $user has the old password and no sheet" '' "$shown"
		elif [ "$shown" ]; then
			is "$1: the sheet of $user opens it" yes "$(yes_if opens "$user" "$shown")"
		else
			is "$1: the hidden sheet of $user opens it" yes \
				"$(yes_if opens_one_of "$user" $hidden)"
		fi
	done
}

sheets_after() {
	local user
	for user in "${users[@]}"; do
		is "$1: the sheet of $user opens it" yes \
			"$(yes_if opens "$user" "$(passwords_in "$out/$user.txt")")"
		is "$1: the old password of $user does not" no "$(yes_if opens "$user" "$old")"
	done
	is "$1: nothing is left but sheets and the journal" \
		"$(printf '%s\n' .all2all-issue.journal "${users[@]/%/.html}" "${users[@]/%/.txt}" |
			sort)" \
		"$(cd "$out" && ls -A | sort)"
	is "$1: no password is in the journal" '' \
		"$(passwords_in "$out"/*.txt | grep -F -f - "$out/.all2all-issue.journal")"
}

# in_table FILE USER: the password; false when there is none
in_table() {
	[ -e "$1" ] && sed -n "s/^\"$2\",.*,\"\([^\"]*\)\"\r\$/\1/p" "$1" | grep .
}

table_between() {
	local user password
	is "$1: the table has its name only when it is complete" no \
		"$(yes_if eval "[ -e '$table' ] && [ -e '$out/.table.csv.part' ]")"
	for user in "${users[@]}"; do
		opens "$user" "$old" && continue
		password=$(in_table "$out/.table.csv.part" "$user" || in_table "$table" "$user")
		is "$1: the row of $user opens it" yes "$(yes_if opens_one_of "$user" $password)"
	done
}

# Checks the header of the table, and of a table that was completed without some accounts
# (issue_fail.sh).
has_header() {
	is "$1: the header is there" '"user","name","language","password"' \
		"$(head -qn 1 "$table" "$table.first" 2>/dev/null | tr -d '\r' | sort -u)"
	[ -e "$table.first" ] ||
		is "$1: a header and a row for each" $((${#users[@]} + 1)) "$(wc -l <"$table")"
}

table_after() {
	local user
	has_header "$1"
	for user in "${users[@]}"; do
		is "$1: the row of $user opens it" yes "$(yes_if opens "$user" \
			"$(in_table "$table" "$user" || in_table "$table.first" "$user")")"
		is "$1: the old password of $user does not" no "$(yes_if opens "$user" "$old")"
	done
	is "$1: nothing is left but table and journal" '.table.csv.journal table.csv ' \
		"$(cd "$out" && ls -A | grep -v '^table.csv.first$' | sort | tr '\n' ' ')"
}

# After the second run, all hashes were printed, and they match the sheets.
hashes_between() {
	:
}

hashes_after() {
	local user
	is "$1: a line for each" ${#users[@]} "$(wc -l <"$folder/stdout")"
	for user in "${users[@]}"; do
		is "$1: the line of $user fits to the sheet" yes "$(yes_if fits \
			"$(sed -n "s/^$user:{CRYPT}//p" "$folder/stdout")" \
			"$(passwords_in "$out/$user.txt")")"
	done
}

# Sheets of one format, and a table in the same folder.
both_between() {
	sheets_between "$1"
}

both_after() {
	local user
	for user in "${users[@]}"; do
		is "$1: the sheet of $user opens it" yes \
			"$(yes_if opens "$user" "$(passwords_in "$out/$user.txt")")"
		is "$1: and so does its row" "$(passwords_in "$out/$user.txt")" \
			"$(in_table "$table" "$user" || in_table "$table.first" "$user")"
	done
	has_header "$1"
	is "$1: nothing is left but sheets, table and journal" \
		"$(printf '%s\n' .all2all-issue.journal "${users[@]/%/.txt}" table.csv | sort)" \
		"$(cd "$out" && ls -A | grep -v '^table.csv.first$' | sort)"
}
