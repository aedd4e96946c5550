#!/usr/bin/env bash
# nginx and Caddy: a client's `Forwarded` gets through a proxy that takes care of
# X-Forwarded-For.
#
# Expected: a proxy that tells the client's address removes, or adds to, whatever
#   the client itself says of it, in the standard's header (RFC 7239) as well as
#   in X-Forwarded-For, so that a server may prefer the standard's.
# Instead: nginx, with the `proxy_set_header` that everybody copies, and Caddy,
#   which drops the X-Forwarded-For of clients it does not trust by itself, both
#   hand on `Forwarded` as the client has written it. A server that reads it must
#   be behind a proxy that is told to remove it, or read X-Forwarded-For first.
#
# nginx 1.22.1 (Debian's nginx 1.22.1-9+deb12u11), Caddy 2.6.2 (Debian's caddy
# 2.6.2-5), Python 3.11.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q nginx=1.22.1-9+deb12u11 caddy=2.6.2-5 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.py <<'PY'
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

said = {}


class Server(BaseHTTPRequestHandler):
    """Keeps what the proxy says of the client."""

    def do_GET(self):
        said['Forwarded'] = self.headers.get('Forwarded')
        said['X-Forwarded-For'] = self.headers.get('X-Forwarded-For')
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def ask(port):
    """A request of a client that says it is 192.0.2.7."""
    for _ in range(200):
        try:
            client = http.client.HTTPConnection('127.0.0.1', port, timeout=20)
            client.request('GET', '/', headers={
                'Forwarded': 'for=192.0.2.7', 'X-Forwarded-For': '192.0.2.7'})
            client.getresponse().read()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    sys.exit('the proxy does not listen')


def behind(command, port):
    proxy = subprocess.Popen(command, env={**os.environ, 'HOME': os.getcwd()},
                             stderr=subprocess.DEVNULL)
    try:
        said.clear()
        ask(port)
        return dict(said)
    finally:
        proxy.terminate()
        proxy.wait()


server = HTTPServer(('127.0.0.1', 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
port = free_port()
with open('nginx.conf', 'w') as conf:
    conf.write(f'''
daemon off; master_process off; pid nginx.pid; error_log stderr crit;
events {{}}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://127.0.0.1:{server.server_port};
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
''')
nginx = behind(['root/usr/sbin/nginx', '-p', os.getcwd(), '-c', 'nginx.conf',
                '-e', 'stderr'], port)
port = free_port()
with open('Caddyfile', 'w') as conf:
    conf.write(f'''{{
  admin off
  auto_https off
}}
http://127.0.0.1:{port} {{
  reverse_proxy 127.0.0.1:{server.server_port}
}}
''')
caddy = behind(['root/usr/bin/caddy', 'run', '--config', 'Caddyfile',
                '--adapter', 'caddyfile'], port)
for name, heard in (('nginx', nginx), ('Caddy', caddy)):
    print(f'{name}: {heard}')
sys.exit(0 if nginx == {'Forwarded': 'for=192.0.2.7',
                        'X-Forwarded-For': '192.0.2.7, 127.0.0.1'}
         and caddy == {'Forwarded': 'for=192.0.2.7',
                       'X-Forwarded-For': '127.0.0.1'} else 1)
PY
timeout 120 python3 main.py
