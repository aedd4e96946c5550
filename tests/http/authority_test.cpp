#include "flamigo/http/detail/authority.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::detail;

namespace {

/// "host port", or "none".
std::string read(std::string_view text) {
  auto found = parse_authority(text);
  if (!found)
    return "none";
  return std::string{found->host} + " " + std::to_string(found->port);
}

} // namespace

TEST_CASE("a host stands with and without a port") {
  CHECK(read("example.org") == "example.org 0");
  CHECK(read("example.org:8080") == "example.org 8080");
  CHECK(read("192.0.2.1:65535") == "192.0.2.1 65535");
  CHECK(read("[::1]") == "[::1] 0");
  CHECK(read("[2001:DB8::1]:443") == "[2001:DB8::1] 443");
  CHECK(read("[::ffff:192.0.2.1]:1") == "[::ffff:192.0.2.1] 1");
  // As RFC 3986 has them.
  CHECK(read("") == " 0");
  CHECK(read("example.org:") == "example.org 0");
  CHECK(read("a%20b") == "a%20b 0");
}

TEST_CASE("what is no host and port is none") {
  for (auto text :
       {"a:0",    "a:65536", "a:99999999999", "a:-1", "a:+1",   "a:b",
        "a:1:2",  "a:1 ",    "a b",           " a",   "a/b",    "a@b",
        "a?b",    "a#b",     "caf\xc3\xa9",   "[",    "[]",     "[:]x",
        "[::1",   "[::1]x",  "[::1]:x",       "::1",  "[a]b:1", "[::1%eth0]",
        "[v1.a]", "a\tb",    "a\\b",          "\"a\""}) {
    INFO(text);
    CHECK(read(text) == "none");
  }
}

TEST_CASE("names have no case") {
  CHECK(is_same_host("Example.ORG", "example.org"));
  CHECK(is_same_host("[2001:DB8::1]", "[2001:db8::1]"));
  CHECK_FALSE(is_same_host("example.org", "example.org."));
  CHECK_FALSE(is_same_host("example.org", "www.example.org"));
  CHECK_FALSE(is_same_host("example.org", "example.orgx"));
}

TEST_CASE("a scheme may have a port of its own") {
  CHECK(default_port("http") == 80);
  CHECK(default_port("https") == 443);
  CHECK(default_port("app") == 0);
  CHECK(default_port("") == 0);
}
