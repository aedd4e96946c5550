#include "flamigo/io/detail/address.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::detail;

TEST_CASE("an address of IPv6 stands in brackets before its port") {
  CHECK(address_of("127.0.0.1", 80) == "127.0.0.1:80");
  CHECK(address_of("localhost", 8080) == "localhost:8080");
  CHECK(address_of("::", 8080) == "[::]:8080");
  CHECK(address_of("fe80::1%eth0", 1) == "[fe80::1%eth0]:1");
  CHECK(address_of({net::ip::make_address("::1"), 9}) == "[::1]:9");
  CHECK(address_of({net::ip::make_address("192.0.2.1"), 9}) == "192.0.2.1:9");
}
