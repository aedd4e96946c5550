#!/usr/bin/env bash
# NATS JetStream: a server of no cluster takes an update of a stream to three replicas,
# and has no such stream any more when it is started again.
#
# Expected: the update is refused, as the creation of such a stream is; or it is taken,
#   and means one replica.
# Instead: the update is answered as done, and the stream goes on. At the next start the
#   server logs "Error recreating stream" and leaves it out: what asks for it is told
#   "stream not found". Its files lie where they were.
#
# nats-server 2.9.10-1+b3 (Debian 12).
set -euo pipefail

dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q nats-server=2.9.10-1+b3 >/dev/null
dpkg -x ./*.deb root
port=$((20000 + RANDOM % 10000))

start() {
  root/usr/sbin/nats-server -a 127.0.0.1 -p "$port" -js -sd "$dir/store" >>log 2>&1 &
  server=$!
  until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf 'CONNECT {}\r\nSUB a 1\r\n' >&3
}

stop() {
  exec 3>&-
  kill "$server"
  wait "$server" || true
}

# Asks, and prints what of the answer tells how it went.
ask() { # subject, text
  local line
  printf 'PUB $JS.API.STREAM.%s a %d\r\n%s\r\n' "$1" "${#2}" "$2" >&3
  while read -r -t 5 line <&3; do
    [[ $line == '{'* ]] || continue
    grep -oE '"description":"[^"]*"|"num_replicas":[0-9]' <<<"${line/\\u003e/>}"
    return
  done
}

three='{"name":"S","subjects":["s"],"num_replicas":3}'
start
ask CREATE.S "$three" | tee got
ask CREATE.S '{"name":"S","subjects":["s"]}' | tee -a got
ask UPDATE.S "$three" | tee -a got
stop
start
ask INFO.S '' | tee -a got
grep -o "Error recreating.*" log
find store -path '*/streams/S/meta.inf' | grep -o 'streams.*'
stop
[[ $(<got) == '"description":"replicas > 1 not supported in non-clustered mode"
"num_replicas":1
"num_replicas":3
"description":"stream not found"' ]]
