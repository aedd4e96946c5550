#include "flamigo/http/detail/network.hpp"

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::is_network;
using flamigo::detail::network;
using flamigo::detail::parse_address;

namespace {

bool has(std::string_view range, std::string_view address) {
  return network::parse(range).value().contains(parse_address(address).value());
}

} // namespace

TEST_CASE("a network has the addresses of its prefix") {
  CHECK(has("10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(has("10.0.0.0/8", "11.0.0.1"));
  CHECK(has("192.0.2.128/25", "192.0.2.128"));
  CHECK_FALSE(has("192.0.2.128/25", "192.0.2.127"));
  CHECK(has("172.16.0.0/12", "172.31.255.255"));
  CHECK_FALSE(has("172.16.0.0/12", "172.32.0.0"));
  CHECK(has("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK_FALSE(has("2001:db8::/33", "2001:db8:8000::1"));
  CHECK(has("0.0.0.0/0", "203.0.113.1"));
  CHECK_FALSE(has("0.0.0.0/0", "2001:db8::1"));
}

TEST_CASE("an address is a network of one") {
  CHECK(has("127.0.0.1", "127.0.0.1"));
  CHECK_FALSE(has("127.0.0.1", "127.0.0.2"));
  CHECK(has("::1", "::1"));
  CHECK_FALSE(has("::1", "::2"));
}

TEST_CASE("a socket for both may see IPv4 as IPv6") {
  CHECK(has("10.0.0.0/8", "::ffff:10.1.2.3"));
  CHECK(has("::ffff:10.0.0.0/104", "10.1.2.3"));
  CHECK_FALSE(has("10.0.0.0/8", "::ffff:11.1.2.3"));
}

TEST_CASE("what names no network is refused") {
  for (auto text :
       {"", "x", "10.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
        "10.0.0.0/8x", "10.0.0.0/ 8", "10.0.0.1/8", "/8", "10.0.0.0/8/8",
        "::1/129", "::1/127", "010.0.0.1", "fe80::1%lo", "[::1]", "localhost",
        "1.2.3.4:80", "10.0.0.0/4294967304"})
    CHECK_FALSE(is_network(text));
  CHECK_FALSE(is_network(std::string(1'000, '1')));
  for (auto text : {"10.0.0.0/8", "::1", "::/0", "fd00::/8", "10.0.0.1/32"})
    CHECK(is_network(text));
}
