// How many may connect, and who counts for what.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "flamigo/http/detail/listener.hpp"
#include "flamigo/metrics/detail/metric.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "support/socket_fixture.hpp"
#include "support/tls_files.hpp"
#include "support/tls_peer.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using boost::asio::ip::tcp;
using test::contains;

namespace {

constexpr std::string_view get = "GET /small HTTP/1.1\r\nHost: x\r\n\r\n";

/// A server on the loopback, whose clients may come from several addresses of
/// it.
struct fixture : test::socket_fixture {
  explicit fixture(bool proxy_protocol = false, bool secure = false) {
    core.options.proxy_protocol = proxy_protocol;
    core.trusted_proxies = detail::parse_networks({"127.0.0.9"});
    core.routes.handle("GET", "/small", [](const http_request& in) {
      return http_response{.body = in.remote_address};
    });
    if (secure)
      source.emplace(files.options);
    uut.emplace(core, loop, requests, source ? &*source : nullptr);
    uut->open({boost::asio::ip::address_v4::loopback(), 0});
    detail::error_code ec;
    uut->accept(ec);
    REQUIRE_FALSE(ec);
  }

  ~fixture() {
    clients.clear();
    loop.for_each([](detail::resident& what) { what.cut(); });
    uut->end();
  }

  tcp::socket& connect(std::string from = "127.0.0.1") {
    auto& result = *clients.emplace_back(std::make_unique<tcp::socket>(io));
    result.open(tcp::v4());
    result.bind({detail::parse_address(from).value(), 0});
    result.connect({boost::asio::ip::address_v4::loopback(), uut->port()});
    settle();
    return result;
  }

  /// What has come for a client, after he has said this.
  std::string ask(tcp::socket& client, std::string_view what) {
    boost::system::error_code ec;
    boost::asio::write(client, boost::asio::buffer(what.data(), what.size()),
                       ec);
    settle();
    std::string result(client.available(ec), '\0');
    boost::asio::read(client, boost::asio::buffer(result), ec);
    return result;
  }

  std::string upgrade(tcp::socket& client, std::string headers = {}) {
    return ask(client, "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                         + headers + "\r\n")
      .substr(0, 12);
  }

  void close(tcp::socket& client) {
    client.close();
    settle();
  }

  test::tls_files files;
  std::optional<detail::tls_source> source;
  boost::asio::io_context io;
  std::optional<detail::listener> uut;
  std::vector<std::unique_ptr<tcp::socket>> clients;
};

} // namespace

TEST_CASE("an address has as many connections as it may have") {
  fixture f;
  f.core.addresses.set_bound(2);
  auto& first = f.connect();
  auto& second = f.connect();
  CHECK(contains(f.ask(first, get), "200 OK"));
  auto& third = f.connect();
  auto answer = f.ask(third, {});
  CHECK(answer.starts_with("HTTP/1.1 429 Too Many Requests\r\n"));
  CHECK(contains(answer, "Retry-After: 5\r\n"));
  CHECK(contains(answer, "Access-Control-Allow-Origin: *\r\n"));
  CHECK(contains(answer, "Connection: close\r\n"));
  CHECK(contains(answer, R"({"message":"too many connections from your )"
                         R"(address","status":429,"code":"too_many_requests",)"
                         R"("retryAfterMs":5000})"));
  // Others may come, and he as well when one has gone.
  CHECK(contains(f.ask(f.connect("127.0.0.2"), get), "200 OK"));
  f.close(second);
  CHECK(contains(f.ask(f.connect(), get), "200 OK"));
}

TEST_CASE("a WebSocket counts on for the address that it came from") {
  fixture f;
  f.core.addresses.set_bound(1);
  auto& first = f.connect();
  CHECK(f.upgrade(first) == "HTTP/1.1 101");
  CHECK(contains(f.ask(f.connect(), get), "429 "));
  CHECK(f.core.addresses.size() == 1);
  f.close(first);
  CHECK(f.core.addresses.size() == 0);
  CHECK(contains(f.ask(f.connect(), get), "200 OK"));
}

TEST_CASE("a proxy's WebSockets count for its clients") {
  metric_registry counted{{""}};
  fixture f;
  f.loop.count_in(counted, 0);
  f.loop.turn([] {});
  f.core.addresses.set_bound(1);
  auto one = "X-Forwarded-For: 192.0.2.1\r\n";
  auto other = "X-Forwarded-For: 192.0.2.2\r\n";
  auto& first = f.connect("127.0.0.9");
  CHECK(f.upgrade(first, one) == "HTTP/1.1 101");
  auto& second = f.connect("127.0.0.9");
  CHECK(f.upgrade(second, one) == "HTTP/1.1 429");
  auto refused = [&](detail::handshake_refusal why) {
    return counted.sum(detail::metric::handshakes_refused,
                       static_cast<std::size_t>(why));
  };
  CHECK(refused(detail::handshake_refusal::capacity) == 1);
  CHECK(refused(detail::handshake_refusal::request) == 0);
  // On the same connection, since it may be used for others.
  CHECK(f.upgrade(second, other) == "HTTP/1.1 101");
  // Short requests do not count.
  CHECK(contains(f.ask(f.connect("127.0.0.9"), get), "200 OK"));
  CHECK(f.core.addresses.size() == 2);
  f.close(first);
  CHECK(f.upgrade(f.connect("127.0.0.9"), one) == "HTTP/1.1 101");
}

TEST_CASE("whom a header of the PROXY protocol names counts") {
  fixture f{true};
  f.core.addresses.set_bound(1);
  auto line = std::string{"PROXY TCP4 192.0.2.1 127.0.0.1 4711 80\r\n"};
  auto& first = f.connect("127.0.0.9");
  auto answer = f.ask(first, line + std::string{get});
  CHECK(answer.ends_with("\r\n\r\n192.0.2.1:4711"));
  CHECK(contains(f.ask(f.connect("127.0.0.9"), line), "HTTP/1.1 429 "));
  auto other = "PROXY TCP4 192.0.2.2 127.0.0.1 4711 80\r\n" + std::string{get};
  CHECK(contains(f.ask(f.connect("127.0.0.9"), other), "200 OK"));
}

TEST_CASE("who is no trusted proxy sends no such header") {
  fixture f{true};
  auto& client = f.connect("127.0.0.1");
  auto answer = f.ask(client, "PROXY TCP4 192.0.2.1 127.0.0.1 4711 80\r\n"
                                + std::string{get});
  CHECK(answer.starts_with("HTTP/1.1 400 "));
  CHECK(contains(f.ask(f.connect(), get), "127.0.0.1:"));
  auto& proxy = f.connect("127.0.0.9");
  CHECK(f.ask(proxy, get).empty());
}

TEST_CASE("more in a second than may be accepted are answered with 503") {
  fixture f;
  f.core.accepts.set_bound(2);
  CHECK(contains(f.ask(f.connect(), get), "200 OK"));
  CHECK(contains(f.ask(f.connect(), get), "200 OK"));
  auto answer = f.ask(f.connect(), get);
  CHECK(answer.starts_with("HTTP/1.1 503 "));
  CHECK(answer.ends_with(
    R"({"message":"too many new connections, try again later",)"
    R"("status":503,"code":"unavailable","retryAfterMs":1000})"));
  CHECK(contains(answer, "Retry-After: 1\r\n"));
  CHECK(contains(answer, "Access-Control-Allow-Origin: *\r\n"));
  CHECK(contains(answer, "Connection: close\r\n"));
}

// -- by TLS -------------------------------------------------------------------

namespace {

bool has_ended(tcp::socket& client) {
  char next;
  return ::recv(client.native_handle(), &next, 1, MSG_DONTWAIT) == 0;
}

} // namespace

TEST_CASE("who is turned down gets no handshake") {
  fixture f{false, true};
  f.core.addresses.set_bound(1);
  auto& first = f.connect();
  CHECK_FALSE(has_ended(first));
  CHECK(has_ended(f.connect()));
  f.close(first);
  CHECK(f.core.addresses.size() == 0);
  f.core.accepts.set_bound(1);
  CHECK_FALSE(has_ended(f.connect()));
  CHECK(has_ended(f.connect("127.0.0.2")));
}

TEST_CASE("a header of the PROXY protocol comes before the handshake") {
  fixture f{true, true};
  f.core.addresses.set_bound(1);
  auto& first = f.connect("127.0.0.9");
  f.ask(first, "PROXY TCP4 192.0.2.1 127.0.0.1 4711 80\r\n");
  test::tls_peer client{first.native_handle(), f.files.authority};
  while (!client.shake_hands())
    f.settle();
  client.send(get);
  f.settle();
  CHECK(client.received().ends_with("\r\n\r\n192.0.2.1:4711"));
  auto& second = f.connect("127.0.0.9");
  f.ask(second, "PROXY TCP4 192.0.2.1 127.0.0.1 4712 80\r\n");
  CHECK(has_ended(second));
}
