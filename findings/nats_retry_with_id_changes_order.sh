#!/usr/bin/env bash
# NATS JetStream: what is published again under its Nats-Msg-Id keeps its count, and
# loses its place.
#
# Expected: a publisher that numbers its messages by Nats-Msg-Id, and publishes those
#   again that were not acknowledged, has each of them in the stream once and in its
#   order.
# Instead: ids are only compared. Where the first of two is lost on its way and the
#   second is not, the first comes behind it when it is published again. And behind
#   the duplicate window, two minutes unless the stream says otherwise, the same id is
#   stored once more: after an outage of the server a retry doubles what was stored
#   before it. So whoever reads has to tell what counts, by numbers of his own.
#
# nats-server 2.9.10-1+b3 (Debian 12).
set -euo pipefail

dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q nats-server=2.9.10-1+b3 >/dev/null
dpkg -x ./*.deb root
port=$((20000 + RANDOM % 10000))
root/usr/sbin/nats-server -a 127.0.0.1 -p "$port" -js -sd "$dir/store" >log 2>&1 &
server=$!
until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.05; done

exec 3<>"/dev/tcp/127.0.0.1/$port"
printf 'CONNECT {"headers":true}\r\nSUB r 1\r\n' >&3

# Prints the line with what comes for the next reply.
ask() { # subject, text
  printf 'PUB %s r %d\r\n%s\r\n' "$1" "${#2}" "$2" >&3
  reply
}

reply() {
  local line
  while read -r -t 5 line <&3; do
    if [[ $line == MSG* || $line == HMSG* ]]; then
      read -r -t 5 line <&3
      printf '%s\n' "${line%$'\r'}"
      return
    fi
  done
  return 1
}

publish() { # id
  local head
  printf -v head 'NATS/1.0\r\nNats-Msg-Id: %s\r\n\r\n' "$1"
  printf 'HPUB s r %d %d\r\n%s%s\r\n' "${#head}" "$((${#head} + ${#1}))" "$head" "$1" >&3
  reply
}

ask '$JS.API.STREAM.CREATE.S' '{"name":"S","subjects":["s"],"duplicate_window":500000000}' >/dev/null
publish two # one was lost
publish one
publish two # refused as it should be
sleep 1
publish two # and now it is not
for seq in 1 2 3; do
  ask '$JS.API.STREAM.MSG.GET.S' "{\"seq\":$seq}" | grep -o '"data":"[^"]*"' | cut -d'"' -f4 | base64 -d
  echo
done | tee got
[[ $(tr '\n' ' ' <got) == "two one two " ]]
