# SPDX-License-Identifier: BSD-3-Clause
# A service of ranges of leaked passwords, by nginx with HTTP/2 and TLS on loopback, for the test of
# all2all-leaks fetch and for its measurement, which source this. nginx need not be installed: it may
# be unpacked in $A2A_PACKAGE_ROOT.

# find_nginx: sets $nginx; returns 1 if there is none
find_nginx() {
	nginx=$(PATH=$PATH:/usr/sbin command -v nginx) || nginx=${A2A_PACKAGE_ROOT-}/usr/sbin/nginx
	[ -x "$nginx" ]
}

# free_port: prints one
free_port() {
	python3 -c '
import socket
taken = socket.socket()
taken.bind(("127.0.0.1", 0))
print(taken.getsockname()[1])'
}

# make_certificate: cert.pem and key.pem in this folder, for 127.0.0.1
make_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
		-subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
		-keyout key.pem -out cert.pem 2>/dev/null
}

# start_nginx PORT LOCATIONS [UPSTREAM]: in this folder, with cert.pem and key.pem. Sets $nginx_pid, and writes
# a line for each answer to asked: status, protocol, address, agent, and the ETag that was known.
start_nginx() {
	mkdir -p nginx
	cat >nginx/conf <<-CONF
		daemon off;
		master_process off;
		pid $PWD/nginx/pid;
		error_log $PWD/nginx/error;
		events { worker_connections 1024; }
		http {
			log_format asked '\$status \$server_protocol \$uri "\$http_user_agent" \$http_if_none_match';
			access_log $PWD/asked asked;
			client_body_temp_path $PWD/nginx/body;
			proxy_temp_path $PWD/nginx/proxy;
			fastcgi_temp_path $PWD/nginx/fastcgi;
			uwsgi_temp_path $PWD/nginx/uwsgi;
			scgi_temp_path $PWD/nginx/scgi;
			default_type text/plain;
			${3-}
			server {
				listen 127.0.0.1:$1 ssl http2 backlog=512;
				ssl_certificate $PWD/cert.pem;
				ssl_certificate_key $PWD/key.pem;
				$2
			}
		}
	CONF
	"$nginx" -p "$PWD/nginx" -e "$PWD/nginx/error" -c "$PWD/nginx/conf" >nginx/said 2>&1 &
	nginx_pid=$!
	for _ in $(seq 100); do
		(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
		sleep 0.05
	done
	cat nginx/said nginx/error >&2
	return 1
}

stop_nginx() {
	kill "$nginx_pid" 2>/dev/null
	wait "$nginx_pid" 2>/dev/null
}
