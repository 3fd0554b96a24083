# SPDX-License-Identifier: BSD-3-Clause
# For the tests of accounts that are not the system's, behind own_etc.sh: a passwd-file, PostgreSQL and
# MariaDB with three users, below $folder, which is a tmpfs. The servers listen on a Unix socket there,
# and run as nobody. Sourced by bash.
#
# What an administrator writes is taken from docs/virtual.md, with the places of the test.
#
# A store S has: S_is_missing, which says what is not installed; S_start; S_section, the lines of
# accounts.conf; S_reset, after which all users have the hash $hash; S_look, which writes lines of
# "USER STORED" into $folder/stored; S_stop.

# from_document PATTERN: the first block of docs/virtual.md with such a line, without its indent
from_document() {
	awk -v pattern="$1" '
		/^    / { block = block substr($0, 5) "\n"; found = found || substr($0, 5) ~ pattern; next }
		!/^$/ { if (found && !done) { printf "%s", block; done = 1 } block = ""; found = 0 }
		END { if (found && !done) printf "%s", block }' "$A2A_SOURCE/docs/virtual.md" | grep .
}

stores_started=
stop_stores() {
	local store
	for store in $stores_started; do
		"${store}_stop" 2>/dev/null
	done
	stores_started=
}

# as_nobody COMMAND...
as_nobody() {
	setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@"
}

# exec_as_nobody COMMAND...: in the background, so that $! is the command's own process
exec_as_nobody() {
	exec setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@"
}

# A certificate of localhost that nobody has signed, for the servers of databases.
make_certificate() {
	[ -e "$folder/tls.crt" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
		-keyout "$folder/tls.key" -out "$folder/tls.crt" 2>/dev/null
	chown 65534 "$folder/tls.key"
}

# wait_for COMMAND...: until it succeeds, for ten seconds
wait_for() {
	local tries
	for ((tries = 0; tries < 200; tries++)); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.05
	done
	return 1
}

# ---- A passwd-file ---------------------------------------------------------------------------
passwd_file=$folder/mail/users
mail_group=$(getent group dovecot | cut -d : -f 3)
mail_group=${mail_group:-65534}

passwd_file_is_missing() {
	:
}

passwd_file_start() {
	mkdir -p "$folder/mail"
}

passwd_file_section() {
	from_document '^backend = passwd-file' | sed "/^\[/d; s|/etc/dovecot/users|$passwd_file|"
}

passwd_file_reset() {
	rm -f "$folder"/mail/.users*
	{
		echo '# users'
		echo "anna@club.be:{SHA512-CRYPT}$hash:1000:1000:Anna Vandenbroucke,,,:/srv/anna::userdb_quota=1G"
		echo "info@club.be:{SHA512-CRYPT}$hash"
		echo "jan@one.be:{SHA512-CRYPT}$hash::::::"
	} >"$passwd_file"
	chown "0:$mail_group" "$passwd_file"
	chmod 640 "$passwd_file"
}

passwd_file_look() {
	sed -n 's/^\([^#:][^:]*\):\([^:]*\).*/\1 \2/p' "$passwd_file" >"$folder/stored"
}

passwd_file_stop() {
	:
}

# ---- PostgreSQL ------------------------------------------------------------------------------
pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)

postgresql_is_missing() {
	[ -x "$pg_bin/initdb" ] || echo postgresql
	[ -e "$A2A_BUILD/account/sql_postgresql.so" ] || echo libpq-dev
}

pg() {
	"$pg_bin/psql" -h "$folder/pg" -p "$pg_port" -U nobody -X -q -A -t -v ON_ERROR_STOP=1 "${database-mail}" "$@"
}

postgresql_start() {
	install -d -o 65534 -g 65534 -m 755 "$folder/pg"
	as_nobody "$pg_bin/initdb" -D "$folder/pg/data" --no-sync --no-locale -E UTF8 -A trust \
		>"$folder/pg.log" 2>&1 || return
	{
		from_document scram-sha-256
		cat "$folder/pg/data/pg_hba.conf"
	} >"$folder/pg_hba.conf"
	cp "$folder/pg_hba.conf" "$folder/pg/data/pg_hba.conf"
	postgresql_run || return
	database=postgres pg -c 'create database mail' || return
	pg -c "create table users (username varchar(128) not null, domain varchar(128) not null,
		password varchar(128) not null, active char(1) default 'Y' not null,
		primary key (username, domain))" -c "$(from_document '^create role')"
}

postgresql_run() {
	make_certificate
	pg_port=$((20000 + RANDOM % 10000))
	exec_as_nobody "$pg_bin/postgres" -D "$folder/pg/data" -k "$folder/pg" -c listen_addresses=localhost \
		-p $pg_port -c ssl=on -c "ssl_cert_file=$folder/tls.crt" -c "ssl_key_file=$folder/tls.key" \
		-c fsync=off -c unix_socket_permissions=0777 >>"$folder/pg.log" 2>&1 &
	pg_pid=$!
	stores_started="$stores_started postgresql"
	database=postgres wait_for pg -c 'select 1'
}

postgresql_section() {
	printf 'CHANGE-ME\n' >"$folder/pg.password"
	chmod 600 "$folder/pg.password"
	from_document '^driver = postgresql' | sed "/^\[/d; s|/run/postgresql|$folder/pg|
		s|/etc/all2all/postgresql.password|$folder/pg.password|"
	printf '%s\n' "port = $pg_port" "driver_folder = $drivers"
}

sql_reset='delete from users;'
for user in anna@club.be info@club.be jan@one.be; do
	sql_reset+=" insert into users (username, domain, password) values ('${user%@*}', '${user#*@}', '%s');"
done

postgresql_reset() {
	# The hash has no quotes and no percent signs.
	pg -c "${sql_reset//%s/{SHA512-CRYPT\}$hash}"
}

postgresql_look() {
	pg -c "select username || '@' || domain || ' ' || password from users" >"$folder/stored"
}

postgresql_stop() {
	kill -INT "$pg_pid" && wait "$pg_pid"
}

# ---- MariaDB ---------------------------------------------------------------------------------
mariadb_is_missing() {
	[ -x /usr/sbin/mariadbd ] && command -v mariadb >/dev/null && command -v mariadb-install-db \
		>/dev/null || echo mariadb-server
	[ -e "$A2A_BUILD/account/sql_mariadb.so" ] || echo libmariadb-dev
}

my() {
	mariadb --no-defaults -S "$folder/my/socket" -u root -N -B "${database-mail}" "$@"
}

mariadb_start() {
	install -d -o 65534 -g 65534 -m 755 "$folder/my"
	as_nobody mariadb-install-db --no-defaults --datadir="$folder/my/data" \
		--auth-root-authentication-method=normal --skip-test-db >"$folder/my.log" 2>&1 || return
	mariadb_run || return
	database=mysql my -e 'create database mail character set utf8mb4 collate utf8mb4_general_ci' ||
		return
	my -e "create table users (username varchar(128) not null, domain varchar(128) not null,
		password varchar(128) not null, active char(1) default 'Y' not null) engine=InnoDB;
		$(from_document '^create user')"
}

mariadb_run() {
	make_certificate
	my_port=$((20000 + RANDOM % 10000))
	exec_as_nobody /usr/sbin/mariadbd --no-defaults --datadir="$folder/my/data" \
		--socket="$folder/my/socket" --pid-file="$folder/my/pid" --bind-address=localhost \
		--port=$my_port --ssl-cert="$folder/tls.crt" --ssl-key="$folder/tls.key" \
		--innodb-flush-log-at-trx-commit=0 --innodb-buffer-pool-size=16M \
		>>"$folder/my.log" 2>&1 &
	my_pid=$!
	stores_started="$stores_started mariadb"
	database=mysql wait_for my -e 'select 1'
}

mariadb_section() {
	printf 'CHANGE-ME\n' >"$folder/my.password"
	chmod 600 "$folder/my.password"
	from_document '^driver = mariadb' | sed "/^\[/d; s|/run/mysqld/mysqld.sock|$folder/my/socket|
		s|/etc/all2all/mariadb.password|$folder/my.password|"
	echo "driver_folder = $drivers"
}

# over_network STORE: its section, for the server by its name
over_network() {
	local port=${pg_port-}
	[ "$1" = postgresql ] || port=$my_port
	"$1_section" | sed "/^host\|^port/d"
	printf '%s\n' 'host = localhost' "port = $port"
}

mariadb_reset() {
	my -e "${sql_reset//%s/{SHA512-CRYPT\}$hash}"
}

mariadb_look() {
	my -e "select concat(username, '@', domain, ' ', password) from users" >"$folder/stored"
}

mariadb_stop() {
	kill "$my_pid" && wait "$my_pid"
}

# ---- Tables of others ------------------------------------------------------------------------
# sql STORE STATEMENTS: in the database $database
sql() {
	if [ "$1" = postgresql ]; then
		pg -c "$2"
	else
		my -e "$2"
	fi
}

# preset_start STORE PRESET: makes the columns that matter, with one user, anna@club.be, in a database
# that is called as the preset is. Types and defaults are those of PostfixAdmin 3.3 (upgrade.php), Modoboa
# 2 (core/models.py) and iRedMail 1.6 (samples/iredmail).
preset_start() {
	local store=$1 preset=$2 table more active time bool number
	if [ "$store" = postgresql ]; then
		time='timestamp with time zone default now()' bool='boolean not null default true' number=int2
		database=postgres sql $store "create database $preset"
	else
		time="datetime not null default '2000-01-01 00:00:00'" bool="tinyint(1) not null default 1"
		number=tinyint
		database=mysql sql $store "create database $preset"
	fi
	local database=$preset
	case $preset in
	postfixadmin)
		table=mailbox active=modified
		sql $store "create table mailbox (username varchar(255) not null primary key, password
			varchar(255) not null, name varchar(255) not null, modified $time, active $bool);
			insert into mailbox (username, password, name) values ('anna@club.be', 'x', 'Anna Claes')"
		;;
	modoboa)
		table=core_user active=
		sql $store "create table core_user (username varchar(254) not null unique, first_name
			varchar(30) not null, last_name varchar(30) not null, email varchar(254) not null,
			is_active $bool, password varchar(256) not null);
			insert into core_user (username, first_name, last_name, email, password)
			values ('anna@club.be', 'Anna', 'Claes', 'anna@club.be', 'x')"
		;;
	iredmail)
		table=mailbox active=passwordlastchange
		sql $store "create table mailbox (username varchar(255) not null primary key, password
			varchar(255) not null default '', name varchar(255) not null default '',
			passwordlastchange $time, active $number not null default 1);
			insert into mailbox (username, password, name) values ('anna@club.be', 'x', 'Anna Claes')"
		;;
	esac
	more="password${active:+, $active}"
	if [ "$store" = postgresql ]; then
		sql $store "grant select, update ($more) on $table to all2all"
	else
		sql $store "grant select, update ($more) on $preset.$table to all2all@localhost"
	fi
}

# preset_stored STORE PRESET: the stored password of anna
preset_stored() {
	local table=mailbox
	[ "$2" != modoboa ] || table=core_user
	database=$2 sql "$1" "select password from $table"
}
