#!/bin/sh
# Unpacks the distribution's proxies and its Prometheus into a folder, once, with the libraries that
# this machine lacks. They are not installed, which would start services here.
set -eu
dir=$1
mkdir -p "$dir"
cd "$dir"
for name in nginx libnginx-mod-stream haproxy caddy prometheus; do
  [ -e ".$name" ] && continue
  wanted=$(apt-get -s --no-install-recommends install $name 2>/dev/null |
    sed -n 's/^Inst \([^ ]*\).*/\1/p')
  # shellcheck disable=SC2086
  apt-get download -q $name $wanted || {
    echo "apt has no $name: run \`apt-get update\`, then this test again." >&2
    exit 1
  }
  for package in *.deb; do
    dpkg -x "$package" .
    rm "$package"
  done
  touch ".$name"
done
