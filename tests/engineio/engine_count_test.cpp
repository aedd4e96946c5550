// How sessions count for the address that they were begun from. The sockets of
// these tests do not, since no listener has accepted them.

#include <catch2/catch_test_macros.hpp>

#include "support/engine_fixture.hpp"

using namespace flamigo;
using test::contains;
using test::engine_request;
using test::socket_pair;

namespace {

struct fixture : test::engine_fixture {
  fixture() {
    core.addresses.set_bound(1);
  }

  std::string begin_another() {
    return say(getting, engine_request("GET", "EIO=4&transport=polling", {},
                                       "Origin: http://x\r\n"));
  }
};

} // namespace

TEST_CASE("a session that polls counts for its address until it ends") {
  fixture f;
  auto sid = f.begin();
  auto refused = f.begin_another();
  CHECK(refused.starts_with("HTTP/1.1 429 "));
  CHECK(contains(refused, "Retry-After: 5\r\n"));
  CHECK(contains(refused, "Access-Control-Allow-Origin: http://x\r\n"));
  CHECK(f.core.addresses.size() == 1);
  f.post(sid, "1");
  f.settle();
  CHECK(f.core.addresses.size() == 0);
  CHECK(f.begin_another().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("in the place of a session that is upgraded its socket counts") {
  fixture f;
  auto sid = f.begin();
  socket_pair socket;
  f.upgrade(socket, sid);
  CHECK(f.tell(socket, "2probe") == "3probe");
  CHECK(f.core.addresses.size() == 1);
  f.tell(socket, "5");
  CHECK(f.core.addresses.size() == 0);
}

TEST_CASE("a poll of a proxy counts for its client as long as it is held") {
  fixture f;
  f.core.trusted_proxies = detail::parse_networks({"0.0.0.0"});
  f.core.addresses.set_bound(2);
  socket_pair proxy;
  std::make_shared<detail::session>(f.core, f.loop, f.requests,
                                    detail::stream_socket{proxy.server_end()},
                                    detail::peer_at({}, f.core.trusted_proxies))
    ->start();
  auto client = "X-Forwarded-For: 192.0.2.1\r\n";
  auto got = f.say(proxy, engine_request("GET", "EIO=4&transport=polling", {},
                                         client));
  auto sid = test::sid_of(got);
  // For one more: the request that has begun it was answered.
  CHECK(f.core.addresses.enter(detail::parse_address("192.0.2.1").value()));
  f.say(proxy, engine_request("GET", test::polling(sid), {}, client));
  CHECK_FALSE(
    f.core.addresses.enter(detail::parse_address("192.0.2.1").value()));
  // As is the poll, and the session with it.
  f.post(sid, "1");
  f.settle();
  CHECK(f.core.addresses.size() == 0);
}
