#!/usr/bin/env bash
# NATS JetStream: who listens to a push consumer's subject by a wildcard gets nothing.
#
# Expected: a subscription of `r.*` gets what a consumer delivers to `r.x`, as it gets
#   whatever else is published there; so several consumers can have one subscription.
# Instead: the server looks for somebody who subscribes to the very subject. Where there
#   is none it delivers nothing, no heartbeat either, and removes the consumer after
#   five seconds. Its creation has been answered without a word about that.
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
printf 'CONNECT {}\r\nSUB a 1\r\n' >&3

# Asks, and waits for the answer.
ask() { # subject, text
  local line
  printf 'PUB %s a %d\r\n%s\r\n' "$1" "${#2}" "$2" >&3
  while read -r -t 5 line <&3; do
    [[ $line == 'MSG a '* ]] && return
  done
  return 1
}

# Prints what a subscription to this gets of a message that is in the stream.
delivered() { # subscription, subject of the consumer
  local line text
  text="{\"stream_name\":\"S\",\"config\":{\"deliver_subject\":\"$2\",\"ack_policy\":\"none\"}}"
  printf 'SUB %s %s\r\nPUB $JS.API.CONSUMER.CREATE.S a %d\r\n%s\r\n' "$1" "$1" "${#text}" "$text" >&3
  while read -r -t 3 line <&3; do
    if [[ $line == "MSG s "* ]]; then
      read -r -t 3 line <&3
      printf '%s\n' "${line%$'\r'}"
      return
    fi
  done
  echo nothing
}

ask '$JS.API.STREAM.CREATE.S' '{"name":"S","subjects":["s"]}'
ask s hello
delivered 'r.*' r.x | tee got
delivered q.x q.x | tee -a got
[[ $(tr '\n' ' ' <got) == "nothing hello " ]]
