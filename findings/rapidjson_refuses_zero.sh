#!/usr/bin/env bash
# RapidJSON: a zero with a large exponent is "too big", and so is a number that
# nobody wants as a double.
#
# Expected: the size of a number matters when it is turned into a double. 0e400
#   is valid JSON (RFC 8259, 6) and zero, so it is read as 0; and with
#   kParseNumbersAsStringsFlag, which hands over the digits as they stand and is
#   there for numbers that do not fit, 1e400 is read too.
# Instead: both are refused with kParseErrorNumberTooBig: the exponent alone is
#   compared with the limit, before the digits are looked at, whatever the flags.
#   A program that passes on the JSON of others refuses documents that they may
#   send.
#
# RapidJSON 1.1.0 (Debian's rapidjson-dev 1.1.0+dfsg2-7.1), g++ 12.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q rapidjson-dev=1.1.0+dfsg2-7.1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

cat >main.cpp <<'CPP'
#include <iostream>
#include <string>

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

using namespace rapidjson;

struct printer : BaseReaderHandler<UTF8<>, printer> {
  bool RawNumber(const char* text, SizeType size, bool) {
    std::cout << "the text " << std::string(text, size);
    return true;
  }

  bool Uint(unsigned x) {
    return Double(x);
  }

  bool Double(double x) {
    std::cout << "the double " << x;
    return true;
  }
};

template <unsigned Flags>
ParseErrorCode read(const char* json) {
  std::cout << json << (Flags == 0 ? "" : ", numbers as strings") << ": ";
  printer out;
  StringStream in{json};
  auto result = Reader{}.Parse<Flags>(in, out);
  if (!result)
    std::cout << GetParseError_En(result.Code());
  std::cout << std::endl;
  return result.Code();
}

int main() {
  constexpr unsigned as_strings = kParseNumbersAsStringsFlag;
  bool known = true;
  for (auto json : {"0", "0e300", "1e300"})
    known = known && read<0>(json) == kParseErrorNone
            && read<as_strings>(json) == kParseErrorNone;
  for (auto json : {"0e400", "0.0e400", "1e400"})
    known = known && read<0>(json) == kParseErrorNumberTooBig
            && read<as_strings>(json) == kParseErrorNumberTooBig;
  return known ? 0 : 1;
}
CPP
g++ -std=c++17 -isystem root/usr/include main.cpp -o main
timeout 60 ./main
