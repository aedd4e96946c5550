#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct sold {
  std::string item;

  topic topics() const {
    return topic{item == "nowhere" ? std::string(2'000, 'x') : "sales"};
  }
};

BOOST_DESCRIBE_STRUCT(sold, (), (item))

struct unheard {
  topic topics() const {
    return topic{"unheard"};
  }
};

BOOST_DESCRIBE_STRUCT(unheard, (), ())

const std::string long_text = "an item whose name does not fit into a string";

/// Publishes, and says when its listeners are done.
domain_behavior seller(domain_actor<>*) {
  return {
    on("app::sale:publish",
       [](context& ctx, std::string item) {
         return ctx.publish(sold{std::move(item)});
       }),
    on("app::sale:publish_sync",
       [](context ctx, std::string item) -> task<std::size_t> {
         sold what{std::move(item)};
         auto report = co_await ctx.publish_sync(what, 5s);
         if (!report)
           co_return report.error();
         co_return report->failures.size();
       }),
  };
}

struct fixture {
  fixture() {
    app.host(seller);
    app.host([this](domain_actor<>* self) -> domain_behavior {
      self->subscribe("sales");
      return {listen([this](context ctx, sold what) -> task<void> {
                auto slept = co_await sleep(ctx, length);
                seen.push_back(slept ? what.item : code_of(slept.error()));
                if (what.item == "bad")
                  co_return make_error(errc::conflict);
                co_return ok;
              }),
              listen([this](sold what) -> task<void> {
                seen.push_back("at once");
                co_return what.item == "worse" ? caf::error{errc::conflict}
                                               : caf::error{};
              }),
              on("app::sale:quit",
                 [=] { self->quit(caf::sec::runtime_error); })};
    });
  }

  caf::timespan length = 100ms;
  std::vector<std::string> seen;
  testing::app app;
};

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("a listener may be a coroutine") {
  fixture f;
  auto ada = f.app.connect();
  ada.call<void>("app::sale:publish", long_text);
  ada.call<void>("app::sale:publish", std::string{"second"});
  CHECK(f.seen == strings{"at once", "at once"});
  f.app.advance(100ms);
  CHECK(f.seen == strings{"at once", "at once", long_text, "second"});
}

TEST_CASE("publish_sync waits for coroutines that listen") {
  fixture f;
  auto ada = f.app.connect();
  auto ref = ada.send("app::sale:publish_sync", long_text);
  f.app.advance(99ms);
  ada.expect_nothing();
  f.app.advance(1ms);
  CHECK(ada.expect_reply<std::size_t>(ref) == 0);
  // A failure counts, whether it comes at once or later.
  for (auto item : {"bad", "worse"}) {
    ref = ada.send("app::sale:publish_sync", std::string{item});
    f.app.advance(100ms);
    CHECK(ada.expect_reply<std::size_t>(ref) == 1);
  }
}

TEST_CASE("who waits for listeners has a report when their time is up") {
  fixture f;
  strings told;
  auto wait = [&](context ctx, std::pair<int, int> ms) -> task<void> {
    auto [before, limit] = ms;
    co_await sleep(ctx, std::chrono::milliseconds{before}).or_throw();
    sold what{long_text};
    auto report = co_await ctx.publish_sync(what,
                                            std::chrono::milliseconds{limit});
    if (!report)
      told.push_back("no report");
    else
      told.push_back(report->failures.empty()
                       ? "complete"
                       : code_of(report->failures.front().why));
    co_return ok;
  };
  f.app.strategies().add("app::sale:wait", wait);
  auto waiting = [&] {
    auto& clock = dynamic_cast<caf::detail::simple_actor_clock&>(
      f.app.system().scheduler().clock());
    return clock.schedule().size();
  };
  auto ada = f.app.connect();
  auto before = waiting();
  // Less than it takes, more, and more than the call has.
  ada.send("app::sale:wait", std::pair{0, 50});
  f.app.advance(50ms);
  CHECK(told == strings{"timeout"});
  f.app.advance(50ms);
  ada.send("app::sale:wait", std::pair{0, 101});
  f.app.advance(100ms);
  CHECK(told == strings{"timeout", "complete"});
  f.length = 1min;
  auto ref = ada.send("app::sale:wait", std::pair{5'000, 60'000});
  f.app.advance(10s);
  ada.expect_error(ref, 504);
  CHECK(told == strings{"timeout", "complete", "no report"});
  f.app.advance(1min);
  CHECK(waiting() == before);
  // Nobody waits any more when the answer comes.
  ada.send("app::sale:wait", std::pair{0, 60'000});
  ada.disconnect();
  f.app.advance(1min);
  CHECK(told.size() == 3);
  CHECK(waiting() <= before);
}

TEST_CASE("what is no event is told to who waits for its listeners") {
  fixture f;
  auto ada = f.app.connect();
  ada.expect_error(ada.send("app::sale:publish_sync", std::string{"nowhere"}),
                   500);
}

TEST_CASE("nobody is waited for where nobody listens") {
  testing::actor_fixture f;
  testing::backend_caller program{f, 10s};
  f.strategies.add("app::sale:unheard", [](context ctx) -> task<std::size_t> {
    unheard what;
    auto report = co_await ctx.publish_sync(what, 5s).or_throw();
    co_return report.listeners;
  });
  auto listeners = program.call<std::size_t>("app::sale:unheard");
  REQUIRE(listeners);
  CHECK(*listeners == 0);
}

TEST_CASE("a listener that ends with its actor has not handled the event") {
  fixture f;
  auto ada = f.app.connect();
  auto ref = ada.send("app::sale:publish_sync", long_text);
  ada.call<void>("app::sale:quit");
  CHECK(ada.expect_reply<std::size_t>(ref) == 1);
  CHECK(f.seen == strings{"at once"});
  f.app.advance(1s);
  CHECK(f.seen == strings{"at once"});
}

TEST_CASE("a client's listener may be a coroutine") {
  std::vector<std::string> seen;
  testing::app app;
  app.on_open([&seen](client& who) {
    auto listening
      = who.subscribe("sales", [&seen](context ctx, sold what) -> task<void> {
          co_await sleep(ctx, 100ms);
          seen.push_back(what.item);
          co_return ok;
        });
    CHECK_FALSE(listening);
  });
  app.host(seller);
  auto ada = app.connect();
  auto bob = app.connect();
  ada.call<void>("app::sale:publish", long_text);
  bob.disconnect();
  app.advance(100ms);
  CHECK(seen == strings{long_text});
}
