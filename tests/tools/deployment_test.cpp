#include "deployment.hpp"

#include <catch2/catch_test_macros.hpp>

#include "failure.hpp"

using namespace flamigo::tool;

TEST_CASE("a deployment is named by its URL") {
  auto usual = deployment::parse("https://example.com");
  CHECK(usual.secure);
  CHECK(usual.host == "example.com");
  CHECK(usual.port == "443");
  CHECK(usual.path == "/ws");
  CHECK(usual.authority() == "example.com");
  CHECK(usual.origin() == "https://example.com");
  CHECK(usual.beside("/readyz") == "/readyz");
  auto other = deployment::parse("ws://127.0.0.1:9000/chat/socket");
  CHECK_FALSE(other.secure);
  CHECK(other.authority() == "127.0.0.1:9000");
  CHECK(other.origin() == "http://127.0.0.1:9000");
  CHECK(other.path == "/chat/socket");
  CHECK(other.beside("/readyz") == "/chat/readyz");
  CHECK(deployment::parse("wss://example.com/").path == "/ws");
  CHECK(deployment::parse("http://example.com:80").authority()
        == "example.com");
}

TEST_CASE("an address of IPv6 is one without its brackets") {
  auto got = deployment::parse("http://[::1]:8080");
  CHECK(got.host == "::1");
  CHECK(got.authority() == "[::1]:8080");
}

TEST_CASE("what is no URL of a server is refused") {
  for (auto text : {"", "example.com", "localhost:8080", "ftp://example.com",
                    "http://", "http:// example.com", "http:///ws"})
    CHECK_THROWS_AS(deployment::parse(text), failure);
}
