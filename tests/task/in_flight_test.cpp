// A hundred thousand requests under way at once, over connections that have as
// many as their bound lets them: each is a coroutine in its connection's actor,
// which awaits another one in a domain actor, which waits for time.

#include <chrono>
#include <cstddef>
#include <deque>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct job {
  std::size_t number;
};

BOOST_DESCRIBE_STRUCT(job, (), (number))

constexpr std::size_t each = client_options{}.max_in_flight;
constexpr std::size_t clients = 100'000 / each + 1;

/// Frames of coroutines that are there.
std::size_t frames = 0;

struct frame_count {
  frame_count() {
    ++frames;
  }

  frame_count(const frame_count&) = delete;

  frame_count& operator=(const frame_count&) = delete;

  ~frame_count() {
    --frames;
  }
};

domain_behavior depot(domain_actor<>*) {
  return {on("app::depot:take", [](context ctx, job in) -> task<std::size_t> {
    frame_count here;
    co_await sleep(ctx, 1s).or_throw();
    co_return in.number;
  })};
}

} // namespace

TEST_CASE("a hundred thousand requests are under way at once") {
  test::quiet_log quiet;
  testing::app app;
  app.host_sharded(4, by(&job::number), depot);
  app.strategies().add(
    "app::shop:take", [](context ctx, job in) -> task<std::size_t> {
      frame_count here;
      auto call = ctx.call_strategy<std::size_t>("app::depot:take", in);
      co_return co_await call;
    });
  std::deque<testing::fake_client> all;
  std::size_t n = 0;
  for (std::size_t i = 0; i < clients; ++i) {
    auto& who = all.emplace_back(app.connect());
    for (std::size_t k = 0; k < each; ++k)
      who.send("app::shop:take", job{n++});
  }
  CHECK(n >= 100'000);
  CHECK(frames == 2 * n);
  // Half of them end with their clients, which are cancelled on the way down.
  for (std::size_t i = 0; i < clients / 2; ++i)
    all.pop_front();
  app.run();
  CHECK(frames == 2 * each * all.size());
  app.advance(1s);
  CHECK(frames == 0);
  std::size_t replies = 0;
  for (auto& who : all)
    for (auto& text : who.heard())
      replies += text.find("\"error\"") == text.npos;
  CHECK(replies == each * all.size());
}
