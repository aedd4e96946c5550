// Room for the pieces of a response that nobody's coroutine makes.

#include "flamigo/http/detail/held_request.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/http/detail/endpoint.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;

namespace {

/// Finds no room for one piece, and puts another one that does not ask.
struct hasty final : detail::held_request {
  using held_request::held_request;

  void say() {
    begin({});
    put(std::string(6'000, 'x'));
    CHECK_FALSE(has_room(1));
    CHECK(put(std::string(9'000, 'y')));
  }

  void relieved() override {
    put("z");
    finish();
  }

  void abandoned() override {
    // nop
  }
};

struct hasty_endpoint final : detail::endpoint {
  std::optional<detail::http_reply>
  refusal_of(const detail::parsed_request&,
             const detail::request_peer&) const override {
    return std::nullopt;
  }

  bool takes_over(const detail::parsed_request&) const override {
    return false;
  }

  void take_over(detail::io_thread&, detail::stream_socket,
                 const detail::parsed_request&, const detail::request_peer&,
                 std::string_view) override {
    throw std::logic_error{"this endpoint takes no socket over"};
  }

  std::shared_ptr<detail::held_request>
  hold(detail::io_thread& thread, detail::held_request::owner& waiting,
       detail::parsed_request&, const detail::request_peer&) override {
    auto result = std::make_shared<hasty>(waiting, thread, "GET /hasty");
    result->say();
    return result;
  }
};

} // namespace

TEST_CASE("room is noticed that was made before the end of a turn") {
  test::socket_fixture f;
  hasty_endpoint endpoint;
  f.core.endpoints.emplace_back("/hasty", &endpoint);
  f.core.options.max_backlog_bytes = 10'000;
  test::socket_pair peer;
  f.accept(peer);
  peer.send_bytes("GET /hasty HTTP/1.1\r\nHost: x\r\n\r\n");
  f.settle();
  auto got = peer.received();
  CHECK(test::contains(got, "yyy"));
  CHECK(got.ends_with("1\r\nz\r\n0\r\n\r\n"));
}
