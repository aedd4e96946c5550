#include "flamigo/http/detail/forwarded_client.hpp"

#include <initializer_list>
#include <string>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;

namespace {

using header_list = std::initializer_list<std::pair<std::string, std::string>>;

/// Whom a request with these headers is from; empty if they do not say it.
std::string client_of(header_list lines) {
  detail::parsed_request req;
  for (auto& [name, value] : lines)
    req.insert(name, value);
  auto trusted = detail::parse_networks({"10.0.0.0/8", "fd00::/8"});
  auto result = detail::forwarded_client(req, trusted);
  return result ? result->to_string() : std::string{};
}

std::string usual(std::string list) {
  return client_of({{"X-Forwarded-For", std::move(list)}});
}

std::string standard(std::string list) {
  return client_of({{"Forwarded", std::move(list)}});
}

} // namespace

TEST_CASE("the client is the last who is no trusted proxy") {
  CHECK(usual("192.0.2.1") == "192.0.2.1");
  CHECK(usual("198.51.100.9, 192.0.2.1") == "192.0.2.1");
  CHECK(usual("198.51.100.9,192.0.2.1,10.0.0.2 ,\t10.0.0.3") == "192.0.2.1");
  CHECK(usual("2001:db8::1, fd00::5") == "2001:db8::1");
  CHECK(standard("for=192.0.2.1") == "192.0.2.1");
  CHECK(standard("for=198.51.100.9, for=192.0.2.1;proto=https;by=10.0.0.1")
        == "192.0.2.1");
  CHECK(standard("For=\"[2001:db8::1]:4711\", for=10.0.0.2") == "2001:db8::1");
}

TEST_CASE("lines of headers are one list") {
  CHECK(client_of({{"X-Forwarded-For", "198.51.100.9"},
                   {"X-Forwarded-For", "192.0.2.1"},
                   {"X-Forwarded-For", "10.0.0.2"}})
        == "192.0.2.1");
  CHECK(
    client_of({{"Forwarded", "for=192.0.2.1"}, {"Forwarded", "for=10.0.0.2"}})
    == "192.0.2.1");
}

TEST_CASE("where all are trusted the first one is the client") {
  CHECK(usual("10.0.0.9, 10.0.0.2") == "10.0.0.9");
  CHECK(standard("for=10.0.0.9") == "10.0.0.9");
}

TEST_CASE("ports are of no account") {
  CHECK(usual("192.0.2.1:4711") == "192.0.2.1");
  CHECK(usual("[2001:db8::1]:80") == "2001:db8::1");
  CHECK(usual("[2001:db8::1]") == "2001:db8::1");
  CHECK(standard("for=\"192.0.2.1:_http\"") == "192.0.2.1");
}

TEST_CASE("behind what cannot be read nothing is believed") {
  for (auto bad : {"unknown", "_hidden", "192.0.2", "[192.0.2.1]", "[::1",
                   "[::1]x", "1.2.3.4 5.6.7.8", "::1%lo", "\"1.2.3.4\""}) {
    INFO(bad);
    CHECK(usual(bad).empty());
    CHECK(usual(std::string{"192.0.2.1, "} + bad).empty());
    CHECK(usual(std::string{"192.0.2.1, "} + bad + ", 10.0.0.2") == "10.0.0.2");
  }
  for (auto bad : {"for=unknown", "for", "for=", "by=192.0.2.1", "for=[::1]",
                   "for=1.2.3.4;for=1.2.3.4", "for=\"1.2.3.4", "192.0.2.1",
                   "for = 1.2.3.4", "for=\"1.2.3.4\\\""}) {
    INFO(bad);
    CHECK(standard(bad).empty());
    CHECK(standard(std::string{bad} + ", for=10.0.0.2") == "10.0.0.2");
  }
  CHECK(usual("").empty());
  CHECK(client_of({}).empty());
}

TEST_CASE("nothing that a client says hides what its proxy says") {
  for (auto said : {"for=\"", "for=\"\\", "\"\"\"", "for=\"a, b",
                    ";;,=", "for=\"x\\\", for=\"10.0.0.1"}) {
    INFO(said);
    CHECK(standard(std::string{said} + ", for=192.0.2.1") == "192.0.2.1");
    CHECK(standard(std::string{said} + ", for=\"[2001:db8::1]\"")
          == "2001:db8::1");
    CHECK(
      standard(std::string{said} + ", for=\"192.0.2.1:\\8\\0\";host=\"a,b\"")
      == "192.0.2.1");
  }
}

TEST_CASE("a proxy's usual header comes before one that it passes on") {
  CHECK(client_of(
          {{"Forwarded", "for=198.51.100.9"}, {"X-Forwarded-For", "192.0.2.1"}})
        == "192.0.2.1");
  CHECK(client_of(
          {{"Forwarded", "for=198.51.100.9"}, {"X-Forwarded-For", "unknown"}})
          .empty());
}

// -- what becomes of it -------------------------------------------------------

namespace {

struct fixture : test::socket_fixture {
  fixture() {
    core.trusted_proxies = detail::parse_networks({"10.0.0.0/8"});
    core.routes.handle("GET", "/who", [](const http_request& in) {
      return http_response{.body = in.remote_address};
    });
  }

  /// What each of these requests of one connection is answered.
  std::string ask(std::string from, test::strings each) {
    test::socket_pair peer;
    auto where = detail::parse_address(from).value();
    std::make_shared<detail::session>(
      core, loop, requests, detail::stream_socket{peer.server_end()},
      detail::peer_at({where, 4711}, core.trusted_proxies))
      ->start();
    std::string result;
    for (auto& more : each) {
      peer.send_bytes("GET /who HTTP/1.1\r\nHost: x\r\n" + more + "\r\n");
      settle();
      auto answer = peer.received();
      result += answer.substr(answer.find("\r\n\r\n") + 4) + " ";
    }
    return result;
  }
};

} // namespace

TEST_CASE("each request of a proxy is of its own client") {
  fixture f;
  CHECK(f.ask("10.0.0.1", {"X-Forwarded-For: 192.0.2.1\r\n", "",
                           "Forwarded: for=\"[2001:db8::1]\"\r\n",
                           "X-Forwarded-For: nobody\r\n"})
        == "192.0.2.1 10.0.0.1:4711 [2001:db8::1] 10.0.0.1:4711 ");
}

TEST_CASE("others are not believed") {
  fixture f;
  CHECK(f.ask("11.0.0.1", {"X-Forwarded-For: 192.0.2.1\r\n"})
        == "11.0.0.1:4711 ");
}
