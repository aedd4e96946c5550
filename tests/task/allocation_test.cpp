// What coroutines allocate: their frames, which come from a pool of the thread,
// and nothing that the same would not without them.

#include <cstddef>
#include <cstdlib>
#include <new>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/strategy/call.hpp"
#include "flamigo/task/detail/frame_pool.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;

namespace {

thread_local std::size_t allocations = 0;

} // namespace

// Of this test program. All other forms of new and delete come to these.
void* operator new(std::size_t bytes) {
  ++allocations;
  if (auto result = std::malloc(bytes))
    return result;
  throw std::bad_alloc{};
}

void operator delete(void* what) noexcept {
  std::free(what);
}

void operator delete(void* what, std::size_t) noexcept {
  std::free(what);
}

namespace {

domain_behavior stock(domain_actor<>*) {
  return {on("app::stock:take", [](int count) { return 10 - count; })};
}

domain_behavior shop(domain_actor<>*) {
  return {
    on("app::shop:then",
       [](context& ctx, int count) {
         auto promise = ctx.make_promise<int>();
         ctx.call_strategy<int>("app::stock:take", count)
           .then([=](int left) mutable { promise.deliver(left); },
                 [=](caf::error why) mutable {
                   promise.deliver(std::move(why));
                 });
         return promise;
       }),
    on("app::shop:await",
       [](context ctx, int count) -> task<int> {
         auto call = ctx.call_strategy<int>("app::stock:take", count);
         co_return co_await call;
       }),
  };
}

struct world {
  world() {
    app.host(stock);
    app.host(shop);
    app.strategies().add("app::inline:plain", [](int count) { return count; });
    app.strategies().add("app::inline:task",
                         [](int count) -> task<int> { co_return count; });
  }

  /// What a request allocates in the steady state.
  std::size_t of(const std::string& name) {
    constexpr std::size_t times = 100;
    auto some = [&] {
      auto before = allocations;
      for (std::size_t i = 0; i < times; ++i)
        ada.call<int>(name, 3);
      // What lists grow by now and then is no request's.
      return (allocations - before) / times;
    };
    some();
    return some();
  }

  testing::app app;
  testing::fake_client ada = app.connect();
};

} // namespace

TEST_CASE("a coroutine allocates its frame and no more, from a pool") {
  world w;
  auto plain = w.of("app::inline:plain");
  auto task = w.of("app::inline:task");
  // A sanitizer sees each frame begin and end, so nothing is kept for it.
  std::size_t frame = detail::frame_pool::kept() > 0 ? 0 : 1;
  CHECK(plain > 0);
  CHECK(task == plain + frame);
  // Two functions that follow a call need more than a frame that waits for it.
  CHECK(w.of("app::shop:await") < w.of("app::shop:then") + frame);
}
