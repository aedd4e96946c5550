// On whose behalf things are done, and until when.

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/claims/validator.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/testing/app.hpp"
#include "support/events.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::posted;

namespace {

/// Answers a call with who has asked.
std::string asker(const context& ctx) {
  auto& who = ctx.claims();
  return who.user ? who.user->name : who.type + " " + who.domain;
}

struct bank_state {
  std::vector<std::string> heard;
  std::optional<context> kept;
};

/// What the bank has heard from others, and when what it has begun is over.
domain_behavior bank(domain_actor<bank_state>* self) {
  auto note = [=](std::string what) {
    self->state.heard.push_back(std::move(what));
  };
  auto ask = [=](auto from) {
    std::move(from).then(note, [=](const caf::error& why) {
      note(public_message(why));
    });
  };
  self->subscribe("rooms");
  return {
    on("app::bank:who", asker),
    on("app::bank:heard", [=] { return self->state.heard; }),
    on("app::bank:ask_as_program",
       [=](context& ctx) {
         ask(ctx.as_program().call_strategy<std::string>("app::till:program"));
         ask(ctx.call_strategy<std::string>("app::till:program"));
       }),
    on("app::bank:tell_as_program",
       [=](context& ctx) {
         (void) ctx.as_program().publish(posted{"a", "program"});
         return ctx.publish(posted{"a", "caller"});
       }),
    on("app::bank:keep", [=](context& ctx) { self->state.kept = ctx.keep(); }),
    on("app::bank:copy", [=](context& ctx) { self->state.kept = ctx; }),
    on("app::bank:keep_as_program",
       [=](context& ctx) { self->state.kept = ctx.as_program().keep(1min); }),
    on("app::bank:wait",
       [=] {
         ask(self->state.kept->call_strategy<std::string>("app::till:wait"));
       }),
    on("app::bank:ask_kept",
       [=] {
         ask(self->state.kept->call_strategy<std::string>("app::till:who"));
       }),
    // Of CAF, a timer and a listener: nobody has asked.
    [=](caf::tick_atom) {
      ask(self->call_strategy<std::string>("app::till:server"));
    },
    [=](caf::ok_atom) {
      self->after(1h, [=] {
        ask(self->call_strategy<std::string>("app::till:wait"));
      });
    },
    listen([=](context& ctx, const posted& what) {
      note("event of " + asker(ctx) + ": " + what.text);
      if (what.text == "ask")
        ask(self->call_strategy<std::string>("app::till:server"));
    }),
  };
}

struct till_state {
  std::vector<response_promise<std::string>> waiting;
};

domain_behavior till(domain_actor<till_state>* self) {
  return {
    on("app::till:who", asker),
    on("app::till:program", of_type("backend"), asker),
    on("app::till:server", {internal(), is_server()}, asker),
    on("app::till:wait",
       [=](context& ctx) {
         auto answer = ctx.make_promise<std::string>();
         self->state.waiting.push_back(answer);
         return answer;
       }),
    [=](caf::tick_atom) {
      (void) self->publish(posted{"a", "till"});
    },
  };
}

using strings = std::vector<std::string>;

struct city {
  city() {
    app.authenticate();
    the_till = app.host(till);
    the_bank = app.host(bank);
    ada.emplace(app.connect(user{.id = "1", .name = "Ada"}));
  }

  strings heard() {
    return *app.backend().call<strings>("app::bank:heard");
  }

  testing::app app;
  domain_handle the_till;
  domain_handle the_bank;
  std::optional<testing::fake_client> ada;
};

const std::string timed_out = public_message(make_error(errc::timeout));

const std::string forbidden = public_message(make_error(errc::forbidden));

} // namespace

// -- as the program -----------------------------------------------------------

TEST_CASE("a strategy may act as the program") {
  city f;
  f.ada->call("app::bank:ask_as_program");
  CHECK(f.heard() == strings{forbidden, "backend "});
}

TEST_CASE("what the program publishes is told as the program's") {
  city f;
  f.ada->call("app::bank:tell_as_program");
  CHECK(f.heard()
        == strings{"event of backend : program", "event of Ada: caller"});
}

TEST_CASE("a context of the program is a copy of the call") {
  testing::app app;
  app.strategies().add("app::test:copy", [](context& ctx, int) {
    // Not of the actor that runs it, which is a client's.
    auto mine = ctx.as_program();
    CHECK_FALSE(mine.actor().handle);
    CHECK_FALSE(require_actor<websocket_client>(mine));
    CHECK(mine.claims() == *backend_claims());
    // Its copies are of the program as well.
    auto other = mine;
    CHECK(other.claims().type == "backend");
    CHECK(other.action() == "app::test:copy");
    CHECK(other.payload() == "7");
    CHECK(other.deadline() == ctx.deadline());
    CHECK_THROWS_AS(other.make_promise<int>(), std::logic_error);
    CHECK(ctx.claims().type == "websocket");
    auto promise = ctx.make_promise<int>();
    promise.deliver(1);
    return promise;
  });
  CHECK(app.connect().call<int>("app::test:copy", 7) == 1);
}

// -- as the domain ------------------------------------------------------------

TEST_CASE("a domain calls strategies as itself") {
  city f;
  caf::anon_send(f.the_bank.actor(), caf::tick_atom::value);
  f.app.run();
  CHECK(f.heard() == strings{"domain app::bank"});
  f.ada->expect_error(f.ada->send("app::till:server"), 404);
}

TEST_CASE("a listener calls as its domain, not as who caused the event") {
  city f;
  CHECK_FALSE(f.app.bus().publish(posted{"a", "ask"}));
  f.app.run();
  CHECK(f.heard() == strings{"event of backend : ask", "domain app::bank"});
}

TEST_CASE("a domain publishes as itself") {
  city f;
  caf::anon_send(f.the_till.actor(), caf::tick_atom::value);
  f.app.run();
  CHECK(f.heard() == strings{"event of domain app::till: till"});
}

TEST_CASE("what a domain calls by itself has a time of its own") {
  city f;
  caf::anon_send(f.the_bank.actor(), caf::ok_atom::value);
  f.app.advance(1h);
  f.app.advance(9s);
  CHECK(f.heard().empty());
  f.app.advance(1s);
  CHECK(f.heard() == strings{timed_out});
}

TEST_CASE("the time of a domain's own calls is that of the program's") {
  testing::app app{{.client = {.request_timeout = 3s}}};
  app.host(till);
  auto bank_of = app.host(bank);
  caf::anon_send(bank_of.actor(), caf::ok_atom::value);
  app.advance(1h + 3s);
  CHECK(*app.backend().call<strings>("app::bank:heard") == strings{timed_out});
}

// -- beyond the request -------------------------------------------------------

TEST_CASE("a kept context calls when its request is long over") {
  city f;
  f.ada->call("app::bank:keep");
  f.app.advance(1h);
  f.ada->call("app::bank:ask_kept");
  CHECK(f.heard() == strings{"Ada"});
}

TEST_CASE("each call of a kept context has its time") {
  city f;
  f.ada->call("app::bank:keep");
  f.app.advance(1h);
  f.ada->call("app::bank:wait");
  f.app.advance(9s);
  CHECK(f.heard().empty());
  f.app.advance(1s);
  CHECK(f.heard() == strings{timed_out});
}

TEST_CASE("a copy of a context ends with its request") {
  city f;
  f.ada->call("app::bank:copy");
  f.app.advance(1h);
  f.ada->call("app::bank:ask_kept");
  CHECK(f.heard() == strings{timed_out});
}

TEST_CASE("a context that is kept as the program stays the program's") {
  city f;
  f.ada->call("app::bank:keep_as_program");
  f.app.advance(1h);
  f.ada->call("app::bank:ask_kept");
  f.ada->call("app::bank:wait");
  f.app.advance(59s);
  CHECK(f.heard() == strings{"backend "});
  f.app.advance(1s);
  CHECK(f.heard() == strings{"backend ", timed_out});
}

TEST_CASE("a context is kept for a time, which may be longer than all") {
  testing::app app;
  app.strategies().add("app::test:keep", [&](context& ctx) {
    CHECK_THROWS_AS(ctx.keep(0s), std::invalid_argument);
    CHECK(ctx.keep(5s).deadline() == app.system().clock().now() + 5s);
    CHECK(ctx.keep(caf::timespan::max()).deadline()
          == context::time_point::max());
    CHECK(ctx.keep(5s).keep(1s).deadline() == app.system().clock().now() + 1s);
  });
  app.connect().call("app::test:keep");
}
