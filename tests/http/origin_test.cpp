#include "flamigo/http/detail/origin.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using detail::is_same_origin;
using detail::parse_origin;
using test::contains;

namespace {

bool same(std::string_view x, std::string_view y) {
  return is_same_origin(parse_origin(x).value(), parse_origin(y).value());
}

struct fixture : test::socket_fixture {
  /// What is answered to a page that asks for a WebSocket.
  std::string upgrade(std::string headers) {
    test::socket_pair peer;
    accept(peer);
    peer.send_bytes("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                    + headers + "\r\n");
    settle();
    return peer.received();
  }

  bool admits(std::string_view page, std::string_view host,
              std::string_view more = {}) {
    auto answer = upgrade("Host: " + std::string{host} + "\r\nOrigin: "
                          + std::string{page} + "\r\n" + std::string{more});
    REQUIRE((answer.starts_with("HTTP/1.1 101 ")
             || answer.starts_with("HTTP/1.1 403 ")));
    return answer.starts_with("HTTP/1.1 101 ");
  }
};

} // namespace

TEST_CASE("an origin is a scheme, a host and a port") {
  CHECK(same("http://example.org", "http://Example.org:80"));
  CHECK(same("https://example.org", "https://example.org:443"));
  CHECK_FALSE(same("http://example.org", "https://example.org"));
  CHECK_FALSE(same("http://example.org", "http://example.org:443"));
  CHECK_FALSE(same("https://example.org", "https://example.org:80"));
  CHECK_FALSE(same("http://example.org:443", "https://example.org"));
  CHECK_FALSE(same("http://example.org", "http://example.org:8080"));
  CHECK_FALSE(same("http://a.example", "http://b.example"));
  CHECK(same("app://my-app", "app://my-app"));
  CHECK(same("http://[::1]:8080", "http://[::1]:8080"));
  for (auto text : {"null", "", "example.org", "http://", "http:/a", "://a",
                    "http://a/b", "http://a b", "1://a", "http://a:"}) {
    INFO(text);
    CHECK_FALSE(parse_origin(text));
  }
}

TEST_CASE("a page of the server's own came by the scheme of the client") {
  fixture f;
  // In the clear, as a server by itself is.
  CHECK(f.admits("http://localhost:8080", "localhost:8080"));
  CHECK(f.admits("http://example.org", "example.org"));
  CHECK(f.admits("http://example.org", "Example.org:80"));
  CHECK(f.admits("http://[::1]:8080", "[::1]:8080"));
  CHECK_FALSE(f.admits("https://example.org", "example.org"));
  CHECK_FALSE(f.admits("http://example.org", "example.org:443"));
  CHECK_FALSE(f.admits("http://example.org:443", "example.org"));
  CHECK_FALSE(f.admits("http://example.org:8080", "example.org"));
  CHECK_FALSE(f.admits("http://evil.example", "example.org"));
  CHECK_FALSE(f.admits("null", "example.org"));
  // Behind a proxy that takes the TLS away.
  for (auto said :
       {"X-Forwarded-Proto: https\r\n", "x-forwarded-proto: HTTPS\r\n",
        "X-Forwarded-Proto: wss\r\n", "X-Forwarded-Proto: https, http\r\n"}) {
    INFO(said);
    CHECK(f.admits("https://example.org", "example.org", said));
    CHECK(f.admits("https://example.org", "example.org:443", said));
    CHECK(f.admits("https://example.org:8443", "example.org:8443", said));
    CHECK_FALSE(f.admits("http://example.org", "example.org", said));
    CHECK_FALSE(f.admits("http://example.org:443", "example.org", said));
    CHECK_FALSE(f.admits("https://example.org:80", "example.org", said));
    CHECK_FALSE(f.admits("https://evil.example", "example.org", said));
  }
  for (auto said : {"X-Forwarded-Proto: http\r\n", "X-Forwarded-Proto: ws\r\n",
                    "X-Forwarded-Proto:\r\n"}) {
    INFO(said);
    CHECK(f.admits("http://example.org", "example.org", said));
    CHECK_FALSE(f.admits("https://example.org", "example.org", said));
  }
  // Whatever that is.
  auto odd = "X-Forwarded-Proto: gopher\r\n";
  CHECK_FALSE(f.admits("http://example.org", "example.org", odd));
  CHECK_FALSE(f.admits("https://example.org", "example.org", odd));
  CHECK_FALSE(f.admits("gopher://example.org", "example.org", odd));
}

TEST_CASE("an option says the scheme once and for all") {
  fixture f;
  f.core.options.public_scheme = "https";
  auto lie = "X-Forwarded-Proto: http\r\n";
  CHECK(f.admits("https://example.org", "example.org"));
  CHECK(f.admits("https://example.org", "example.org", lie));
  CHECK_FALSE(f.admits("http://example.org", "example.org", lie));
  f.core.options.public_scheme = "http";
  CHECK(f.admits("http://example.org", "example.org"));
  CHECK_FALSE(f.admits("https://example.org", "example.org",
                       "X-Forwarded-Proto: https\r\n"));
}

TEST_CASE("other origins may connect when they are listed") {
  fixture f;
  f.core.options.allowed_origins = {"https://app.example", "http://b.example"};
  CHECK(f.admits("https://app.example", "example.org"));
  CHECK(f.admits("https://app.example:443", "example.org"));
  CHECK(f.admits("http://b.example:80", "example.org"));
  CHECK_FALSE(f.admits("http://app.example", "example.org"));
  CHECK_FALSE(f.admits("https://app.example:80", "example.org"));
  CHECK_FALSE(f.admits("https://app.example.evil", "example.org"));
  f.core.options.allowed_origins = {"*"};
  CHECK(f.admits("http://evil.example", "example.org"));
  CHECK(f.admits("null", "example.org"));
}

TEST_CASE("a refused page is told which option it is about") {
  fixture f;
  CHECK(contains(f.upgrade("Host: a\r\nOrigin: http://b\r\n"),
                 "see the option allowed-origins\n"));
  CHECK(contains(f.upgrade("Host: a\r\nOrigin: https://a\r\n"),
                 "does the proxy send X-Forwarded-Proto? See the option "
                 "public-scheme\n"));
}
