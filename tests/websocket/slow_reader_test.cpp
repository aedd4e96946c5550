// A client that reads an answer in parts slowly: over sockets, but without
// threads and without waiting.

#include <cstddef>
#include <cstdint>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/domain/host.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/stream.hpp"
#include "support/backlog.hpp"
#include "support/socket_fixture.hpp"

using namespace flamigo;
using test::socket_pair;

namespace {

constexpr std::size_t max_backlog = 400'000;
constexpr std::size_t item_bytes = 1'000;
constexpr std::size_t total = 10'000;

struct fixture : test::socket_fixture {
  fixture() {
    core.options.max_backlog_bytes = max_backlog;
    auto rows = [this]() -> stream<std::string> {
      std::string text(item_bytes, 'x');
      for (made = 0; made < total; ++made)
        co_yield text;
    };
    // None of them fits beside another one.
    auto large = [this]() -> stream<std::string> {
      std::string text(max_backlog * 9 / 10, 'x');
      for (made = 0; made < 5; ++made)
        co_yield text;
      text.resize(max_backlog * 2);
      for (int i = 0; i < 3; ++i)
        co_yield text;
    };
    strategies.add("app::inline:rows", rows);
    strategies.add("app::inline:large", large);
    adopt(host(services, {}, [=](domain_actor<>*) -> domain_behavior {
      return {on("app::hosted:rows", rows), on("app::hosted:large", large)};
    }));
    settle();
  }

  std::size_t made = 0;
};

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t result = 0;
  for (auto i = text.find(part); i != text.npos; i = text.find(part, i + 1))
    ++result;
  return result;
}

} // namespace

TEST_CASE("a slow reader gets ten megabytes with little memory, and no 3008") {
  for (std::string home : {"inline", "hosted"}) {
    fixture f;
    socket_pair peer;
    f.connect(peer);
    peer.send_text(R"({"topic":"app::)" + home + R"(:rows","ackId":1})");
    f.settle();
    // Of what the socket does not take, a quarter of the limit.
    auto ahead = f.made;
    CHECK(ahead < total / 2);
    auto waits = test::backlog_of(f);
    CHECK(waits > max_backlog / 8);
    CHECK(waits < max_backlog);
    f.settle();
    CHECK(f.made == ahead);
    std::string heard;
    std::size_t most = 0;
    for (std::string more; !(more = peer.received()).empty(); f.settle()) {
      heard += more;
      most = std::max(most, f.made - heard.size() / (item_bytes + 75));
    }
    CHECK(f.made == total);
    CHECK(test::backlog_of(f) == 0);
    CHECK(most <= ahead + max_backlog / 4 / item_bytes + 64);
    CHECK(count(heard, "\"more\":true}") == total);
    CHECK(heard.ends_with(R"(","payload":null,"ackId":1})"));
    CHECK(f.watch.open() == 1);
  }
}

TEST_CASE("items that are large by themselves do not close a connection") {
  for (std::string home : {"inline", "hosted"}) {
    fixture f;
    socket_pair peer;
    f.connect(peer);
    peer.send_text(R"({"topic":"app::)" + home + R"(:large","ackId":1})");
    f.settle();
    std::string heard;
    for (std::string more; !(more = peer.received()).empty(); f.settle())
      heard += more;
    CHECK(count(heard, "\"more\":true}") == 8);
    CHECK(heard.ends_with(R"(","payload":null,"ackId":1})"));
    CHECK(f.watch.open() == 1);
  }
}

TEST_CASE("a stream of a socket that is closed ends") {
  for (std::string home : {"inline", "hosted"}) {
    fixture f;
    socket_pair peer;
    f.connect(peer);
    peer.send_text(R"({"topic":"app::)" + home + R"(:rows","ackId":1})");
    f.settle();
    auto ahead = f.made;
    peer.close();
    f.settle();
    CHECK(f.made == ahead);
    CHECK(f.watch.open() == 0);
  }
}
