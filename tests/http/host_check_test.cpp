#include "flamigo/http/detail/host_check.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using test::contains;

namespace {

struct fixture : test::socket_fixture {
  fixture() {
    core.routes.get("/", {.body = "hello"});
  }

  std::string answer_to(std::string request) {
    test::socket_pair peer;
    accept(peer);
    peer.send_bytes(request + "\r\n");
    settle();
    return peer.received();
  }

  /// The status for an ordinary request, which is that for an upgrade as well.
  std::string status_for(std::string host, std::string more = {}) {
    auto headers = "Host: " + host + "\r\n" + more;
    auto plain = answer_to("GET / HTTP/1.1\r\n" + headers).substr(9, 3);
    auto upgrade = answer_to("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n"
                             "Connection: Upgrade\r\n"
                             "Sec-WebSocket-Version: 13\r\n"
                             "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                             + headers)
                     .substr(9, 3);
    CHECK(upgrade == (plain == "200" ? "101" : plain));
    return plain;
  }
};

} // namespace

TEST_CASE("without allowed hosts a server goes by any name") {
  fixture f;
  for (auto host : {"localhost", "example.org:8080", "[::1]", "", "192.0.2.1"})
    CHECK(f.status_for(host) == "200");
  CHECK(f.answer_to("GET / HTTP/1.0\r\n").starts_with("HTTP/1.0 200 "));
}

TEST_CASE("a name that is not the server's is 421") {
  fixture f;
  f.core.options.allowed_hosts = {"example.org", "Other.Example", "[::1]",
                                  "192.0.2.1"};
  for (auto host : {"example.org", "EXAMPLE.org", "example.org:80",
                    "example.org:8080", "other.example:1", "[::1]",
                    "[::1]:8080", "192.0.2.1", "192.0.2.1:443"}) {
    INFO(host);
    CHECK(f.status_for(host) == "200");
  }
  for (auto host :
       {"evil.example", "example.org.evil.example", "www.example.org",
        "example.org.", "example.orgx", "localhost", "127.0.0.1", "[::2]", "",
        ":80", "192.0.2.10"}) {
    INFO(host);
    CHECK(f.status_for(host) == "421");
  }
  auto answer = f.answer_to("GET / HTTP/1.1\r\nHost: evil.example\r\n");
  CHECK(contains(answer, "see the option allowed-hosts\n"));
  CHECK_FALSE(contains(answer, "evil.example"));
  // Where nothing is served as well.
  CHECK(f.answer_to("GET /none HTTP/1.1\r\nHost: evil.example\r\n")
          .starts_with("HTTP/1.1 421 "));
  CHECK(contains(f.answer_to("GET / HTTP/1.0\r\n"), " 421 "));
}

TEST_CASE("an allowed host with a port is meant with that one only") {
  fixture f;
  f.core.options.allowed_hosts = {"example.org:8080", "[::1]:443", "a:80"};
  CHECK(f.status_for("example.org:8080") == "200");
  CHECK(f.status_for("example.org") == "421");
  CHECK(f.status_for("example.org:80") == "421");
  // The scheme's own port need not be written.
  CHECK(f.status_for("a") == "200");
  CHECK(f.status_for("[::1]") == "421");
  auto https = "X-Forwarded-Proto: https\r\n";
  CHECK(f.status_for("[::1]", https) == "200");
  CHECK(f.status_for("a", https) == "421");
}

TEST_CASE("a request names one host") {
  fixture f;
  f.core.options.allowed_hosts = {"a", "b"};
  for (auto host : {"a b", "a/", "user@a", "a:b", "a:0", "[::1", "a,b",
                    "a\r\nHost: a", "a\r\nHost: evil.example"}) {
    INFO(host);
    // A comma can stand in a name, as RFC 3986 has it, and it is none of ours.
    CHECK(f.status_for(host)
          == (std::string_view{host} == "a,b" ? "421" : "400"));
  }
  CHECK(f.answer_to("GET / HTTP/1.1\r\n").starts_with("HTTP/1.1 400 "));
  f.core.options.allowed_hosts.clear();
  CHECK(f.status_for("a\r\nHost: b") == "400");
  CHECK(f.answer_to("GET / HTTP/1.1\r\n").starts_with("HTTP/1.1 400 "));
}
