#!/usr/bin/env bash
# Linux and nginx: a server that stops listening answers a POST with 502,
# although another server stands ready.
#
# Expected: a server that closes its listening socket turns new connections away,
#   and nginx gives their requests to the next server of the `upstream`, a POST
#   too, as none has seen it. Before, `accept` had not returned them, so the
#   server owes them nothing.
# Instead: the kernel has completed the handshake of what waits in the queue, and
#   nginx has sent the request into it. The close resets those connections. nginx
#   must take the POST for possibly done (`proxy_next_upstream` without
#   `non_idempotent`) and answers 502; a GET is given to the next one. So accept
#   all that waits before you close.
#
# nginx 1.22.1 (Debian's nginx 1.22.1-9+deb12u11), Linux, Python 3.11.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q nginx=1.22.1-9+deb12u11 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.py <<'PY'
import os
import select
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Ready(BaseHTTPRequestHandler):
    """The server that goes on."""

    def answer(self):
        self.rfile.read(int(self.headers.get('Content-Length', 0)))
        self.send_response(200)
        self.send_header('Content-Length', '0')
        self.end_headers()

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


def connected(nginx):
    """A connection to nginx, as soon as it listens."""
    while True:
        assert nginx.poll() is None
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(20)
        try:
            client.connect('front')
            return client
        except (FileNotFoundError, ConnectionRefusedError):
            client.close()
            time.sleep(0.05)


def status_of(method, listening, ready):
    """What a client gets whose request nginx sends to the stopping server."""
    stopping = socket.socket()
    stopping.bind(('127.0.0.1', 0))
    if listening:
        stopping.listen()
    with open('nginx.conf', 'w') as conf:
        conf.write(f'''
daemon off; master_process off; pid nginx.pid; error_log stderr crit;
events {{}}
http {{
  access_log off;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream both {{
    server 127.0.0.1:{stopping.getsockname()[1]};
    server 127.0.0.1:{ready} backup;
  }}
  server {{
    listen unix:{os.getcwd()}/front;
    location / {{ proxy_pass http://both; }}
  }}
}}
''')
    nginx = subprocess.Popen(['root/usr/sbin/nginx', '-p', os.getcwd(), '-c',
                              'nginx.conf', '-e', 'stderr'])
    try:
        client = connected(nginx)
        body = 'x' if method == 'POST' else ''
        client.sendall(f'{method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'
                       f'Content-Length: {len(body)}\r\n\r\n{body}'.encode())
        if listening:
            # It waits in the queue now; nginx sends as soon as it does.
            assert select.select([stopping], [], [], 20)[0]
            time.sleep(1)
            stopping.close()
        return int(client.makefile().readline().split()[1])
    finally:
        nginx.terminate()
        nginx.wait()
        stopping.close()


ready = ThreadingHTTPServer(('127.0.0.1', 0), Ready)
threading.Thread(target=ready.serve_forever, daemon=True).start()
known = True
for method, listening, expected in (('POST', False, 200), ('GET', True, 200),
                                    ('POST', True, 502)):
    status = status_of(method, listening, ready.server_port)
    print(f'{method}, the first server',
          'closes with it in its queue:' if listening else 'does not listen:',
          status)
    known = known and status == expected
sys.exit(0 if known else 1)
PY
timeout 120 python3 main.py
