#include "flamigo/domain/typed_domain_behavior.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/request.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"
#include "support/thrown.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct reserve {
  std::string who;
  int much;
};
BOOST_DESCRIBE_STRUCT(reserve, (), (who, much))

struct receipt {
  int left;
};
BOOST_DESCRIBE_STRUCT(receipt, (), (left))

struct balance_of {
  std::string who;
};
BOOST_DESCRIBE_STRUCT(balance_of, (), (who))

struct slowly {
  int much;
};
BOOST_DESCRIBE_STRUCT(slowly, (), (much))

struct whom {
  int number;
};
BOOST_DESCRIBE_STRUCT(whom, (), (number))

struct forget {
  bool really;
};
BOOST_DESCRIBE_STRUCT(forget, (), (really))

using wallet = caf::typed_actor<
  caf::replies_to<reserve>::with<receipt>,
  caf::replies_to<balance_of>::with<int>, caf::replies_to<slowly>::with<int>,
  caf::replies_to<whom>::with<std::string>, caf::reacts_to<forget>,
  caf::replies_to<caf::get_atom, int>::with<int>>;

struct purse_state {
  int left = 10;
  std::vector<std::string> freed;
};

typed_domain_behavior<wallet> purse(domain_actor<purse_state>* self) {
  return {
    on("app::purse:reserve", is_authenticated(),
       [=](const reserve& in) -> caf::result<receipt> {
         if (in.much < 0)
           throw std::invalid_argument{"less than nothing"};
         if (in.much > self->state.left)
           return make_error(errc::conflict, "not enough");
         self->state.left -= in.much;
         return receipt{self->state.left};
       }),
    // A coroutine, for both.
    on("app::purse:slowly",
       [=](flamigo::context ctx, slowly in) -> task<int> {
         auto waited = co_await sleep(ctx, 2s);
         if (!waited)
           co_return waited.error();
         if (in.much > self->state.left)
           co_return make_error(errc::conflict, "not enough");
         co_return self->state.left -= in.much;
       }),
    // For the program only.
    [=](balance_of) -> task<int> { co_return self->state.left; },
    [](context& ctx, const whom&) { return ctx.claims().type; },
    [=](const forget&) { self->state.left = 0; },
    [=](caf::get_atom, int by) { return by * self->state.left; },
    // For outside only: it asks who acts.
    on("app::purse:mine",
       [=](const user& me, const balance_of&) { return me.id; }),
    on("app::purse:fall", internal(),
       [=] { self->quit(caf::sec::runtime_error); }),
    on_stop([] {}),
  };
}

/// Asks an actor by its interface, and says what came of it.
template <class T>
std::string ask(testing::app& app, const wallet& whom, T what) {
  std::string result = "nothing";
  app.system().spawn([&](caf::event_based_actor* self) {
    auto then = [&](auto& x) {
      using type = std::decay_t<decltype(x)>;
      if constexpr (std::is_same_v<type, receipt>)
        result = "left " + std::to_string(x.left);
      else if constexpr (std::is_same_v<type, std::string>)
        result = x;
      else
        result = std::to_string(x);
    };
    using answer =
      typename detail::declared_answer_t<detail::message_of<T>, wallet>;
    self->request(whom, caf::infinite, what)
      .then([=](answer& x) { then(x); },
            [&](const caf::error& why) { result = trace_of(why); });
  });
  app.run();
  return result;
}

struct world {
  testing::fake_client enter() {
    app.authenticate();
    return app.connect(user{.id = "1", .name = "Ada"});
  }

  test::log_capture log;
  testing::app app;
  typed_domain_handle<wallet> handle = app.host_typed(purse);
  testing::fake_client ada = enter();
};

} // namespace

TEST_CASE("a typed domain is called by its interface and by its strategies") {
  world f;
  CHECK(f.handle.name() == "app::purse");
  CHECK(f.handle.ok());
  CHECK(f.ada.call<receipt>("app::purse:reserve", reserve{"Ada", 3}).left == 7);
  CHECK(ask(f.app, f.handle, reserve{"Ada", 2}) == "left 5");
  CHECK(ask(f.app, f.handle, balance_of{"Ada"}) == "5");
  // Errors and what is thrown are told both.
  f.ada.expect_error(f.ada.send("app::purse:reserve", reserve{"", 9}), 409);
  CHECK(ask(f.app, f.handle, reserve{"", 9}).find("not enough")
        != std::string::npos);
  CHECK(ask(f.app, f.handle, reserve{"", -1}).find("less than nothing")
        != std::string::npos);
  CHECK(f.handle.ok());
}

TEST_CASE("what has no name is for the program only") {
  world f;
  auto list = f.app.strategies().list();
  auto hosted = [](auto& x) { return x.home == "hosted"; };
  CHECK(std::count_if(list.begin(), list.end(), hosted) == 4);
  auto guest = f.app.connect();
  guest.expect_error(guest.send("app::purse:reserve", reserve{"", 1}), 401);
  // The guard is asked of who comes from outside.
  CHECK(ask(f.app, f.handle, reserve{"", 1}) == "left 9");
  CHECK(f.ada.call<std::string>("app::purse:mine", balance_of{""}) == "1");
  CHECK(ask(f.app, f.handle, balance_of{""}) == "9");
}

TEST_CASE("a message is handled on behalf of the program") {
  world f;
  CHECK(ask(f.app, f.handle, whom{1}) == claims_type::backend);
}

TEST_CASE("messages of several parts, and without an answer, are typed, too") {
  world f;
  int product = 0;
  f.app.system().spawn([&](caf::event_based_actor* self) {
    self->request(f.handle.actor(), caf::infinite, caf::get_atom::value, 3)
      .then([&](int x) { product = x; });
    self->send(f.handle.actor(), forget{true});
  });
  f.app.run();
  CHECK(product == 30);
  CHECK(ask(f.app, f.handle, balance_of{""}) == "0");
}

TEST_CASE("a coroutine answers a message when it is ready") {
  world f;
  std::vector<std::string> heard;
  auto note = [&](int x) { heard.push_back(std::to_string(x)); };
  f.app.adopt(f.app.system().spawn([&](caf::event_based_actor* self) {
    for (auto much : {4, 7})
      self->request(f.handle.actor(), caf::infinite, slowly{much})
        .then(note,
              [&](const caf::error& why) { heard.push_back(trace_of(why)); });
    // Nobody waits for this one.
    self->send(f.handle.actor(), slowly{1});
    return caf::behavior{[&](int) { heard.emplace_back("not asked for"); }};
  }));
  f.app.run();
  CHECK(heard.empty());
  f.app.advance(2s);
  REQUIRE(heard.size() == 2);
  CHECK(heard[0] == "6");
  CHECK(heard[1].find("not enough") != std::string::npos);
  CHECK(ask(f.app, f.handle, balance_of{""}) == "5");
  CHECK(f.ada.send("app::purse:slowly", slowly{1}) > 0);
}

TEST_CASE("who waits for a coroutine is told when the domain falls") {
  world f;
  std::string heard;
  f.app.system().spawn([&](caf::event_based_actor* self) {
    self->request(f.handle.actor(), caf::infinite, slowly{4})
      .then([&](int) { heard = "answer"; },
            [&](const caf::error& why) { heard = trace_of(why); });
  });
  f.app.run();
  CHECK(f.app.backend().call("app::purse:fall"));
  f.app.run();
  CHECK(heard.find("has ended") != std::string::npos);
  // It is there again, for the same handle.
  CHECK(ask(f.app, f.handle, balance_of{""}) == "10");
}

TEST_CASE("a task awaits a typed domain by its interface") {
  world f;
  f.app.strategies().add(
    "app::desk:buy", [&](flamigo::context ctx, std::string who) -> task<int> {
      auto to = ctx.find<wallet>("purse");
      if (!to)
        co_return to.error();
      reserve what{who, 4};
      // What it answers with need not be said.
      auto got = co_await request(ctx, *to, 1s, what);
      if (!got)
        co_return got.error();
      static_assert(std::is_same_v<decltype(got), caf::expected<receipt>>);
      forget all{true};
      caf::expected<void> done = co_await request(ctx, to->actor(), 1s, all);
      co_return done ? got->left : -1;
    });
  CHECK(f.ada.call<int>("app::desk:buy", "Ada") == 6);
  CHECK(ask(f.app, f.handle, balance_of{""}) == "0");
}

TEST_CASE("a typed domain is found with its interface") {
  world f;
  CHECK(f.app.find<wallet>("purse")->actor() == f.handle.actor());
  CHECK(f.app.find("purse")->name() == "app::purse");
  using other = caf::typed_actor<caf::reacts_to<forget>>;
  CHECK_FALSE(f.app.find<other>("purse"));
  CHECK_FALSE(f.app.find<wallet>("nothing"));
}

TEST_CASE("a typed domain may be hosted as any other") {
  testing::app app;
  auto handle = app.host({.name = "one"}, purse);
  CHECK(app.find<wallet>("one"));
  CHECK(handle.ok());
  typed_domain_handle<wallet> none;
  CHECK(none.state() == domain_state::ended);
  CHECK_FALSE(none.ok());
}
