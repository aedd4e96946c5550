#include <chrono>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <flamigo/flamigo.hpp>

using namespace flamigo;
using namespace std::chrono_literals;

struct order {
  std::string item;
};

BOOST_DESCRIBE_STRUCT(order, (), (item))

struct foreign {
  bool await_ready() {
    return true;
  }

  void await_suspend(std::coroutine_handle<>) {
  }

  void await_resume() {
  }
};

task<int> half_of(int x) {
  co_return x / 2;
}

task<int> quarter_of(int x) {
  auto half = co_await half_of(x).or_throw();
#ifdef MISTAKES
  // error: a task that is not awaited never runs
  half_of(half);
#endif
  co_return co_await half_of(half);
}

#ifdef MISTAKES
domain_behavior shop(domain_actor<>* self) {
  return {
    // error: a temporary owns that is written with braces, or is a lambda
    on("app::shop:self",
       [self](context, order in) -> task<int> {
         co_return *co_await self->call_strategy<int>("app::shop:other",
                                                      order{in.item});
       }),
  };
}
#endif

void add(strategy_registry& to) {
  to.add("app::shop:order", [](context ctx, order in) -> task<order> {
    auto other = ctx.call_strategy<order>("app::shop:other", order{in.item});
    co_await sleep(ctx, 1s);
    auto found = co_await other;
    if (!found)
      co_return errc::conflict;
    co_return *found;
  });
  to.add("app::shop:all_of_them", [](context ctx) -> task<void> {
    std::vector<pending_call<int>> calls;
    calls.push_back(ctx.call_strategy<int>("app::shop:a"));
    auto b = ctx.call_strategy<int>("app::shop:b");
    co_await when_all(std::move(calls));
    co_await when_any(std::move(b), sleep(ctx, 1s));
    co_return ok;
  });
  to.around("app::shop:*", [](context ctx, next next) -> task<raw_json> {
    co_return co_await next(ctx);
  });
#ifdef MISTAKES
  // error: what is given to around is a coroutine
  to.around("*", [](context& ctx, next next) -> task<raw_json> {
    co_return co_await next(ctx);
  });
  // error: what is given to around is a coroutine
  to.around("*", [](auto ctx, auto next) { return next(ctx); });
  // error: so its lambda must not be mutable
  to.around("*", [i = 0](context ctx, next next) mutable -> task<raw_json> {
    ++i;
    co_return co_await next(ctx);
  });
  // error: a handler that returns a task takes its parameters by value
  to.add("app::shop:order", [](context& ctx, order in) -> task<order> {
    co_return co_await ctx.call_strategy<order>("app::shop:other", in);
  });
  // error: a handler that returns a task takes its parameters by value
  to.add("app::shop:order",
         [](const order& in) -> task<order> { co_return in; });
  // error: a task awaits what Flamigo can resume in its actor
  to.add("app::shop:order", []() -> task<void> {
    co_await foreign{};
    co_return ok;
  });
  // error: a task<T> ends with co_return and a T, a caf::error
  to.add("app::shop:order", []() -> task<int> { co_return "text"; });
  // error: a task<void> ends with co_return flamigo::ok or a caf::error
  to.add("app::shop:order", []() -> task<void> { co_return 7; });
  // error: a temporary owns that is written with braces, or is a lambda
  to.add("app::shop:order", [](context ctx, order in) -> task<order> {
    co_return co_await ctx.call_strategy<order>("app::shop:other",
                                                order{in.item});
  });
  // error: a temporary owns that is written with braces, or is a lambda
  to.add("app::shop:order", [](context ctx, order in) -> task<void> {
    co_await blocking(ctx, [in] {}).or_throw();
    co_return ok;
  });
  // error: when_all takes over what it waits for
  to.add("app::shop:both", [](context ctx) -> task<int> {
    auto a = ctx.call_strategy<int>("app::shop:a");
    auto [x, y] = co_await when_all(a, sleep(ctx, 1s));
    co_return x;
  });
  // error: when_all takes over the list of what it waits for
  to.add("app::shop:each", [](context ctx) -> task<void> {
    std::vector<pending_call<int>> calls;
    calls.push_back(ctx.call_strategy<int>("app::shop:a"));
    co_await when_all(calls);
    co_return ok;
  });
  // error: when_any takes over what it waits for
  to.add("app::shop:one", [](context ctx) -> task<void> {
    auto a = ctx.call_strategy<int>("app::shop:a");
    auto b = ctx.call_strategy<int>("app::shop:b");
    co_await when_any(a, b);
    co_return ok;
  });
  // error: a handler that returns a stream takes its parameters by value
  to.add("app::shop:all",
         [](context&, order in) -> stream<order> { co_yield in; });
  // error: g++ destroys twice what an item owns that is written with braces
  to.add("app::shop:all",
         [](order in) -> stream<order> { co_yield order{in.item}; });
  // error: a stream<T> gives, with co_yield, a T, a caf::error or a
  to.add("app::shop:all", []() -> stream<int> { co_yield "text"; });
  // error: the handlers of one strategy return a stream all of them, or none
  to.add(
    "app::shop:all", [](order in) -> stream<order> { co_yield in; },
    [](int in) { return in; });
  // error: a stream is read again and again, and this one ends with its first
  to.add("app::shop:all", [](context ctx) -> task<void> {
    co_await ctx.call_strategy<stream<int>>("app::shop:other").next();
    co_return ok;
  });
#endif
}
