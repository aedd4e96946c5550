#include "flamigo/http/detail/proxy_header.hpp"

#include <initializer_list>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/io/detail/address.hpp"

using namespace flamigo;
using detail::proxy_header;
using state = proxy_header::state;

namespace {

std::string bytes(std::initializer_list<int> numbers) {
  std::string result;
  for (auto x : numbers)
    result += static_cast<char>(x);
  return result;
}

/// Of version 2, with so much behind its fixed part.
std::string second(int command, int family, std::string rest) {
  auto size = static_cast<int>(rest.size());
  return std::string{"\r\n\r\n\0\r\nQUIT\n", 12}
         + bytes({command, family, size / 256, size % 256}) + rest;
}

const std::string v4 = bytes({192, 0, 2, 1, 10, 0, 0, 1, 0x12, 0x67, 0, 80});

const std::string v6 = bytes(
  {0x20, 1,    0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,    1,    0x20, 1,
   0x0D, 0xB8, 0,    0,    0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x12, 0x67, 0,    80});

/// What a header says: an address, nothing, or that it is none. However it
/// comes, nothing behind it is taken.
std::string read(const std::string& text) {
  constexpr std::string_view next = "GET / HTTP/1.1\r\n";
  proxy_header at_once;
  auto taken = at_once.take(text + std::string{next});
  proxy_header in_pieces;
  std::size_t pieces = 0;
  for (auto c : text + std::string{next})
    pieces += in_pieces.take({&c, 1});
  CHECK(in_pieces.where() == at_once.where());
  if (at_once.where() == state::broken)
    return "broken";
  CHECK(pieces == taken);
  CHECK(at_once.where() == state::whole);
  CHECK(taken == text.size());
  CHECK(in_pieces.source() == at_once.source());
  auto& source = at_once.source();
  return source ? detail::address_of(*source) : "unsaid";
}

} // namespace

TEST_CASE("a line of text says who has connected") {
  CHECK(read("PROXY TCP4 192.0.2.1 10.0.0.1 4711 80\r\n") == "192.0.2.1:4711");
  CHECK(read("PROXY TCP6 2001:db8::1 2001:db8::2 4711 80\r\n")
        == "[2001:db8::1]:4711");
  CHECK(read("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n")
        == "255.255.255.255:65535");
  CHECK(read("PROXY UNKNOWN\r\n") == "unsaid");
  CHECK(read("PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n") == "unsaid");
  // The longest that there may be.
  auto most = "PROXY UNKNOWN " + std::string(107 - 16, 'x') + "\r\n";
  REQUIRE(most.size() == 107);
  CHECK(read(most) == "unsaid");
}

TEST_CASE("a line that is not as it should be is none") {
  for (auto text : {"GET / HTTP/1.1\r\n",
                    "PROXY\r\n",
                    "PROXY TCP4\r\n",
                    "PROXYTCP4\r\n",
                    "PROXY TCP4 192.0.2.1 10.0.0.1 4711\r\n",
                    "PROXY TCP4 192.0.2.1 10.0.0.1 4711 80 \r\n",
                    "PROXY TCP4 192.0.2.1 10.0.0.1 4711 80 1\r\n",
                    "PROXY TCP4  192.0.2.1 10.0.0.1 4711 80\r\n",
                    "PROXY TCP6 192.0.2.1 10.0.0.1 4711 80\r\n",
                    "PROXY TCP4 2001:db8::1 2001:db8::2 4711 80\r\n",
                    "PROXY TCP4 192.0.2.1 2001:db8::2 4711 80\r\n",
                    "PROXY TCP4 192.0.2.1 10.0.0.1 65536 80\r\n",
                    "PROXY TCP4 192.0.2.1 10.0.0.1 04711 80\r\n",
                    "PROXY TCP4 192.0.2.1 10.0.0.1 -1 80\r\n",
                    "PROXY TCP4 192.0.2.1 10.0.0.1 4711 80\n",
                    "PROXY UDP4 192.0.2.1 10.0.0.1 4711 80\r\n",
                    "PROXY UNKNOWNX\r\n",
                    "proxy UNKNOWN\r\n",
                    "X",
                    "\r\nPROXY"}) {
    INFO(text);
    CHECK(read(text) == "broken");
  }
  CHECK(read("PROXY UNKNOWN " + std::string(107 - 15, 'x') + "\r\n")
        == "broken");
}

TEST_CASE("bytes say who has connected") {
  CHECK(read(second(0x21, 0x11, v4)) == "192.0.2.1:4711");
  CHECK(read(second(0x21, 0x21, v6)) == "[2001:db8::1]:4711");
}

TEST_CASE("what stands behind the addresses is left out") {
  CHECK(read(second(0x21, 0x11, v4 + bytes({4, 0, 1, 0}))) == "192.0.2.1:4711");
  CHECK(read(second(0x21, 0x21, v6 + std::string(65'535 - 36, 'x')))
        == "[2001:db8::1]:4711");
}

TEST_CASE("a proxy may connect by itself, or not know who has") {
  CHECK(read(second(0x20, 0x00, {})) == "unsaid");
  CHECK(read(second(0x20, 0x11, v4)) == "unsaid");
  CHECK(read(second(0x21, 0x00, std::string(300, 'x'))) == "unsaid");
  CHECK(read(second(0x21, 0x31, std::string(216, '\0'))) == "unsaid");
}

TEST_CASE("bytes that are not as they should be are no header") {
  CHECK(read(second(0x11, 0x11, v4)) == "broken");
  CHECK(read(second(0x22, 0x11, v4)) == "broken");
  CHECK(read(second(0x21, 0x12, v4)) == "broken");
  CHECK(read(second(0x21, 0x11, v4.substr(1))) == "broken");
  CHECK(read(second(0x21, 0x21, v6.substr(1))) == "broken");
  CHECK(read(second(0x21, 0x11, {})) == "broken");
  CHECK(read(std::string{"\r\n\r\n\0\r\nQUIX\n!", 13}) == "broken");
  CHECK(read("\r\nGET /") == "broken");
}

TEST_CASE("a header that has not come whole is waited for") {
  for (auto& text : {std::string{"PROXY TCP4 192.0.2.1 10.0.0.1 4711 80\r\n"},
                     second(0x21, 0x11, v4 + "behind")})
    for (std::size_t n = 0; n < text.size(); ++n) {
      proxy_header uut;
      CHECK(uut.take(text.substr(0, n)) == n);
      CHECK(uut.where() == state::wants_more);
    }
}
