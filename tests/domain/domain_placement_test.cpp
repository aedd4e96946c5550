#include "flamigo/domain/domain_placement.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/domain/detail/domain_term_messages.hpp"
#include "flamigo/domain/domain_behavior.hpp"
#include "flamigo/domain/domain_events.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/detail/domain_slot.hpp"
#include "flamigo/strategy/detail/invocation.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/stream.hpp"
#include "flamigo/task/task.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

using names = std::vector<std::string>;

struct told {
  std::string what;

  flamigo::topic topics() const {
    return flamigo::topic{"told"};
  }
};

BOOST_DESCRIBE_STRUCT(told, (), (what))

struct term final : domain_term {
  using domain_term::domain_term;

  bool lasts() const noexcept override {
    return goes_on;
  }

  std::atomic<bool> goes_on = true;
};

/// What stands in the place of a domain on this node: calls get to it while it
/// lives here.
struct placement final : domain_placement {
  caf::actor place(const services& what, placed_domain domain) override {
    all.push_back(domain);
    gates.push_back(what.system.spawn(
      [home = domain.home](caf::event_based_actor* self) -> caf::behavior {
        return {[=](const invocation& call) -> caf::result<strategy_reply> {
          auto to = home->get();
          if (!to)
            return make_error(errc::unavailable, "it lives elsewhere");
          self->delegate(to, call);
          return caf::delegated<strategy_reply>{};
        }};
      }));
    return gates.back();
  }

  ~placement() override {
    for (auto& x : gates)
      caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  }

  std::vector<placed_domain> all;
  std::vector<caf::actor> gates;
};

struct desk_state {
  int calls = 0;
  std::chrono::seconds patience{0};
};

domain_behavior desk(domain_actor<desk_state>* self, names& log) {
  self->subscribe("told");
  self->every(1s, [=, &log] { log.push_back("tick"); });
  log.push_back("made");
  return {
    on("app::desk:count", [=] { return ++self->state.calls; }),
    on("app::desk:token", [](context& ctx) { return ctx.fencing_token(); }),
    on("app::desk:slow",
       [=](context ctx) -> task<std::uint64_t> {
         co_await sleep(ctx, 2s);
         co_return ctx.fencing_token();
       }),
    on("app::desk:fall", [=] { self->quit(caf::sec::runtime_error); }),
    listen([&log](const told& ev) { log.push_back("heard " + ev.what); }),
    on("app::desk:late", [=] { self->state.patience = 10s; }),
    on_stop([=, &log](context ctx) -> task<void> {
      if (self->state.patience > 0s)
        co_await sleep(ctx, self->state.patience);
      log.push_back("stopped under " + std::to_string(ctx.fencing_token()));
    }),
  };
}

struct world {
  world() {
    handle
      = app.host(hosting_options{.placement = where},
                 [this](domain_actor<desk_state>* self) -> domain_behavior {
                   if (is_broken)
                     throw std::runtime_error{"no database"};
                   return desk(self, log);
                 });
  }

  void begin(std::uint64_t token) {
    now = std::make_shared<term>(token);
    caf::anon_send(where->all.front().supervisor, detail::term_begins{now});
    app.run();
  }

  /// Whether it has ended then.
  std::shared_ptr<bool> ask_for_end() {
    auto done = std::make_shared<bool>(false);
    app.services().system.spawn(
      [done, to = where->all.front().supervisor](caf::event_based_actor* self) {
        self->request(to, caf::infinite, detail::term_ends{}).then([done] {
          *done = true;
        });
      });
    app.run();
    return done;
  }

  /// Returns whether it has ended already.
  bool end() {
    return *ask_for_end();
  }

  /// What a call gives, or why not.
  std::string call(std::string_view name) {
    auto result = app.backend().call<raw_json>(name);
    return result ? result->text : code_of(result.error());
  }

  names take_log() {
    return std::exchange(log, {});
  }

  bool is_broken = false;
  names log;
  std::shared_ptr<term> now;
  testing::app app;
  std::shared_ptr<placement> where = std::make_shared<placement>();
  domain_handle handle;
};

} // namespace

TEST_CASE("a domain with a placement lives nowhere until its term begins") {
  world f;
  // Its function was asked for its strategies.
  CHECK(f.take_log() == names{"made"});
  auto& placed = f.where->all.at(0);
  CHECK(placed.name == "app::desk");
  CHECK(placed.strategies
        == names{"app::desk:count", "app::desk:token", "app::desk:slow",
                 "app::desk:fall", "app::desk:late"});
  CHECK(f.handle.state() == domain_state::elsewhere);
  CHECK(f.app.domains().ok());
  CHECK(f.call("app::desk:count") == "unavailable");
  CHECK_FALSE(f.app.bus().publish(told{"a"}));
  f.app.advance(5s);
  CHECK(f.take_log().empty());
}

TEST_CASE("a domain lives as long as its term") {
  world f;
  f.begin(7);
  CHECK(f.handle.ok());
  CHECK(f.call("app::desk:count") == "1");
  CHECK(f.call("app::desk:token") == "7");
  CHECK(f.take_log() == names{"made", "made"});
  CHECK_FALSE(f.app.bus().publish(told{"a"}));
  f.app.advance(1s);
  CHECK(f.take_log() == names{"heard a", "tick"});
  CHECK(f.end());
  CHECK(f.take_log() == names{"stopped under 7"});
  CHECK(f.handle.state() == domain_state::elsewhere);
  CHECK(f.app.domains().ok());
  CHECK(f.call("app::desk:count") == "unavailable");
  // The next one begins anew.
  f.begin(9);
  CHECK(f.call("app::desk:count") == "1");
  CHECK(f.call("app::desk:token") == "9");
  CHECK(f.app.domains().restarts() == 0);
}

TEST_CASE("nothing begins once a term is over by the clock") {
  world f;
  f.begin(7);
  auto slow = f.app.backend().call_async<std::uint64_t>("app::desk:slow");
  f.app.run();
  f.take_log();
  f.now->goes_on = false;
  // Nobody has told the supervisor.
  CHECK(f.handle.ok());
  CHECK(f.call("app::desk:count") == "unavailable");
  CHECK_FALSE(f.app.bus().publish(told{"a"}));
  f.app.advance(3s);
  CHECK(f.take_log().empty());
  // What had begun ends; whether its answer counts is for who has called.
  CHECK(slow.get() == 7);
}

TEST_CASE("a term that comes back waits for the end of the last life") {
  world f;
  f.begin(7);
  CHECK(f.call("app::desk:late") == "null");
  CHECK_FALSE(f.end());
  f.begin(9);
  CHECK(f.call("app::desk:count") == "unavailable");
  f.app.advance(11s);
  CHECK(f.call("app::desk:token") == "9");
}

TEST_CASE("a domain that cannot be made in its term is down") {
  world f;
  f.is_broken = true;
  f.begin(7);
  CHECK(f.handle.state() == domain_state::down);
  CHECK_FALSE(f.app.domains().ok());
  f.is_broken = false;
  f.app.advance(1s);
  CHECK(f.call("app::desk:token") == "7");
  CHECK(f.app.domains().ok());
  f.is_broken = true;
  f.end();
  f.begin(9);
  CHECK_FALSE(f.app.domains().ok());
  // Elsewhere it is somebody else's.
  f.end();
  CHECK(f.app.domains().ok());
  f.is_broken = false;
  f.app.advance(10s);
  CHECK(f.handle.state() == domain_state::elsewhere);
}

TEST_CASE("what was to be tried in one term does not begin in the next") {
  world f;
  f.is_broken = true;
  f.begin(7);
  CHECK(f.end());
  f.is_broken = false;
  f.take_log();
  f.begin(9);
  f.app.advance(10s);
  auto log = f.take_log();
  CHECK(std::count(log.begin(), log.end(), "made") == 1);
  CHECK(std::count(log.begin(), log.end(), "tick") == 10);
}

TEST_CASE("a domain that is asked for its strategies does nothing") {
  testing::app app;
  auto where = std::make_shared<placement>();
  auto done = 0;
  auto made = 0;
  app.host(hosting_options{.placement = where},
           [&](domain_actor<>* self) -> domain_behavior {
             ++made;
             self->subscribe("told");
             self->after(0s, [&] { ++done; });
             CHECK_FALSE(app.bus().publish(told{"a"}));
             return {on("app::eager:nothing", [] {}),
                     listen([&](const told&) { ++done; })};
           });
  app.advance(1s);
  CHECK(made == 1);
  CHECK(done == 0);
}

TEST_CASE("who waits for the end of a domain hears of it in any case") {
  world f;
  f.begin(7);
  CHECK(f.call("app::desk:late") == "null");
  auto moved = f.ask_for_end();
  caf::anon_send_exit(f.handle.actor(), caf::exit_reason::user_shutdown);
  f.app.run();
  auto told_twice = f.ask_for_end();
  CHECK_FALSE(*moved);
  CHECK_FALSE(*told_twice);
  f.app.advance(11s);
  CHECK(*moved);
  CHECK(*told_twice);
  CHECK(f.handle.state() == domain_state::ended);
}

TEST_CASE("an application that ends lets a domain that leaves finish") {
  world f;
  f.begin(7);
  f.take_log();
  f.end();
  f.app.stop();
  CHECK(f.take_log() == names{"stopped under 7"});
  CHECK(f.handle.state() == domain_state::ended);
}

TEST_CASE("what answers in parts is refused where domains move") {
  testing::app app;
  auto where = std::make_shared<placement>();
  auto rows = [](domain_actor<>*) -> domain_behavior {
    return {on("app::desk:rows", [](context) -> stream<int> { co_yield 1; })};
  };
  CHECK_THROWS_WITH(app.host(hosting_options{.placement = where}, rows),
                    ContainsSubstring("\"app::desk:rows\" answers in parts"));
  CHECK(where->all.empty());
}

TEST_CASE("a domain that falls comes back in its term") {
  world f;
  f.begin(7);
  CHECK(f.call("app::desk:count") == "1");
  f.call("app::desk:fall");
  f.app.run();
  CHECK(f.call("app::desk:count") == "1");
  CHECK(f.call("app::desk:token") == "7");
  CHECK(f.app.domains().restarts() == 1);
}
