// A subscriber that does not read, among others that do: over sockets, but
// without threads and without waiting.

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/client.hpp"
#include "support/events.hpp"
#include "support/socket_fixture.hpp"

using namespace flamigo;
using test::posted;
using test::socket_pair;

namespace {

constexpr std::size_t max_backlog = 100'000;

struct fixture : test::socket_fixture {
  fixture() {
    env.on_open = [](client& self) { self.subscribe("rooms"); };
    core.options.max_backlog_bytes = max_backlog;
  }
};

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t result = 0;
  for (auto i = text.find(part); i != text.npos; i = text.find(part, i + 1))
    ++result;
  return result;
}

std::string numbered(int i) {
  return "#" + std::to_string(i) + "#" + std::string(1000, 'x');
}

} // namespace

TEST_CASE("a slow subscriber is closed with 3008, the others get everything") {
  fixture f;
  socket_pair slow;
  socket_pair quick;
  f.connect(slow);
  f.connect(quick);
  REQUIRE(f.watch.open() == 2);
  constexpr int total = 2000;
  std::string heard;
  for (int i = 0; i < total; ++i) {
    CHECK_FALSE(f.bus.publish(posted{"a", numbered(i)}));
    f.settle();
    heard += quick.received();
  }
  CHECK(count(heard, "#" + std::string(1000, 'x')) == total);
  CHECK(count(heard, "\x0b\xc0") == 0);
  // What the slow one got is a beginning without a gap, then the close frame.
  auto late = slow.received();
  while (true) {
    f.settle();
    auto more = slow.received();
    if (more.empty())
      break;
    late += more;
  }
  auto got = count(late, "#" + std::string(1000, 'x'));
  CHECK(got > max_backlog / 2000);
  CHECK(got < total);
  for (std::size_t i = 0; i < got; ++i)
    REQUIRE(late.find("#" + std::to_string(i) + "#") != late.npos);
  CHECK(late.find("#" + std::to_string(got) + "#") == late.npos);
  // 3008 in a close frame (RFC 6455, 5.5.1).
  auto close = late.rfind(std::string{"\x0b\xc0"} + "too many bytes");
  CHECK(close != late.npos);
}
