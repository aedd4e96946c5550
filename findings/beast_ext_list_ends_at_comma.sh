#!/usr/bin/env bash
# Beast: a list of extensions ends at the comma behind a parameter that has no
# value.
#
# Expected: `http::ext_list`, which also reads what a WebSocket client offers,
#   gives every extension with its parameters, as those of RFC 7692, 7.1.3, in
#   which a client offers permessage-deflate with a wish, and as an alternative
#   without one: `permessage-deflate; server_no_context_takeover,
#   permessage-deflate`.
# Instead: of that there is one extension without any parameter. The parameter
#   in front of the comma is lost, and all that stands behind it. If it has a
#   value, nothing is lost, but the next extension has it as well.
#
# Boost.Beast 1.81 (Debian's libboost1.81-dev 1.81.0-5+deb12u1), g++ 12.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q libboost1.81-dev=1.81.0-5+deb12u1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CPP'
#include <iostream>
#include <string>

#include <boost/beast/http/rfc7230.hpp>

namespace http = boost::beast::http;

/// What the list gives of a text.
std::string read(const char* text) {
  std::string result;
  for (auto extension : http::ext_list{text}) {
    result += '[' + std::string{extension.first};
    for (auto parameter : extension.second)
      result += ' ' + std::string{parameter.first};
    result += ']';
  }
  std::cout << text << "\n  " << result << std::endl;
  return result;
}

int main() {
  auto alone = read("a; x");
  auto followed = read("a; x, b");
  auto with_value = read("a; x=1, b");
  read("permessage-deflate; server_no_context_takeover, permessage-deflate");
  return alone == "[a x]" && followed == "[a]" && with_value == "[a x][b x]" ? 0
                                                                             : 1;
}
CPP
g++ -std=c++17 -isystem root/usr/include main.cpp -o main
timeout 60 ./main
