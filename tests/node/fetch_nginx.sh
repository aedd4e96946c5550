#!/bin/sh
# Unpacks the distribution's nginx into a folder, once. It is not installed, which
# would start a service on this machine.
set -eu
dir=$1
[ -x "$dir/usr/sbin/nginx" ] && exit 0
mkdir -p "$dir"
cd "$dir"
apt-get download -q nginx || {
  echo "apt has no nginx: run \`apt-get update\`, then this test again." >&2
  exit 1
}
for package in nginx_*.deb; do
  dpkg -x "$package" .
  rm "$package"
done
