// Every place where a function of the application is called, with everything
// that such a function may throw.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "flamigo/testing/app.hpp"
#include "support/thrown.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::all_thrown;
using test::log_capture;
using test::logged;

namespace {

/// What is thrown just now, by whoever is asked to.
void (*raise)() = nullptr;

// -- types whose functions throw ----------------------------------------------

struct bad_input {
  int number = 0;

  void validate(std::vector<field_error>&) const {
    raise();
  }
};

BOOST_DESCRIBE_STRUCT(bad_input, (), (number))

struct bad_birth {
  bad_birth() {
    raise();
  }

  int number = 0;
};

BOOST_DESCRIBE_STRUCT(bad_birth, (), (number))

struct bad_topics {
  topic topics() const {
    raise();
    return topic{"never"};
  }
};

BOOST_DESCRIBE_STRUCT(bad_topics, (), ())

struct bad_message {
  topic topics() const {
    return topic{"news"};
  }

  client_message to_client() const {
    raise();
    return {};
  }
};

BOOST_DESCRIBE_STRUCT(bad_message, (), ())

struct news {
  int number = 0;

  topic topics() const {
    return topic{"news"};
  }

  client_message to_client() const {
    return make_client_message("news", *this);
  }
};

BOOST_DESCRIBE_STRUCT(news, (), (number))

// -- domains ------------------------------------------------------------------

struct desk_state {
  std::optional<response_promise<int>> kept;
};

domain_behavior desk(domain_actor<desk_state>* self) {
  return {
    on("app::desk:throw", [] { raise(); }),
    on("app::desk:promise",
       [](context& ctx) {
         auto answer = ctx.make_promise<int>();
         raise();
         return answer;
       }),
    on("app::desk:keep",
       [=](context& ctx) {
         self->state.kept = ctx.make_promise<int>();
         raise();
         return *self->state.kept;
       }),
    on("app::desk:fine", [] { return 1; }),
  };
}

/// Calls a strategy, and passes its error on.
std::function<response_promise<int>(context&)> calls(std::string name) {
  return [name = std::move(name)](context& ctx) {
    auto answer = ctx.make_promise<int>();
    ctx.call_strategy<void>(name).then(
      [answer]() mutable { answer.deliver(0); },
      [answer](caf::error why) mutable { answer.deliver(std::move(why)); });
    return answer;
  };
}

// -- boundaries that answer ---------------------------------------------------

using registry = strategy_registry;

struct boundary {
  std::string name;
  /// Adds the strategy `app::test:fail`.
  std::function<void(registry&)> add;
  /// Whether the client's error has the text, which is in the log in any case.
  bool traced = true;
  /// In the log.
  std::size_t lines = 1;
};

const std::string failing = "app::test:fail";

const std::vector<boundary> answering{
  {"an inline handler", [](registry& to) { to.add(failing, [] { raise(); }); }},
  {"an inline handler that has made a promise",
   [](registry& to) {
     to.add(failing, [](context& ctx) {
       auto answer = ctx.make_promise<int>();
       raise();
       return answer;
     });
   }},
  {"an inline handler that keeps its promise",
   [](registry& to) {
     to.add(failing, [](context& ctx) {
       static std::optional<response_promise<int>> kept;
       kept = ctx.make_promise<int>();
       raise();
       return *kept;
     });
   }},
  {"a hosted handler",
   [](registry& to) { to.add(failing, calls("app::desk:throw")); }},
  {"a hosted handler that has made a promise",
   [](registry& to) { to.add(failing, calls("app::desk:promise")); }},
  {"a hosted handler that keeps its promise",
   [](registry& to) { to.add(failing, calls("app::desk:keep")); }},
  {"a nested handler",
   [](registry& to) {
     to.add("app::test:inner", [] { raise(); });
     to.add(failing, calls("app::test:inner"));
   }},
  {"a handler of a behavior",
   [](registry& to) {
     to.add(failing, {}, accepts<raw_json>{}, returns<int>{},
            caf::behavior{[](const raw_json&) { raise(); }});
   }},
  {"validate",
   [](registry& to) {
     to.add(failing, [](context& ctx) {
       bad_input in;
       return from_json(R"({"number":1})", in) ? ctx.action().size() : 0;
     });
   }},
  {"validate of an answer",
   [](registry& to) {
     to.add("app::test:inner", [] {
       return std::map<std::string, int>{{"number", 1}};
     });
     to.add(failing, [](context& ctx) {
       auto answer = ctx.make_promise<int>();
       ctx.call_strategy<bad_input>("app::test:inner")
         .then([answer](const bad_input&) mutable { answer.deliver(0); },
               [answer](caf::error why) mutable { answer.deliver(why); });
       return answer;
     });
   }},
  {"an input's constructor",
   [](registry& to) { to.add(failing, [](const bad_birth&) {}); }},
  {"a predicate",
   [](registry& to) {
     auto guard = make_validator("bad", [](const claims&) {
       raise();
       return true;
     });
     to.add(failing, guard, [] {});
   }},
  {"a predicate that explains itself",
   [](registry& to) {
     auto guard = make_validator("bad", [](const claims&) {
       raise();
       return caf::error{};
     });
     to.add(failing, guard, [] {});
   }},
  {"topics",
   [](registry& to) {
     to.add(failing, [](context& ctx) { return ctx.publish(bad_topics{}); });
   },
   true,
   // Of publish, whose result is often dropped, and of the answer.
   2},
  {"to_client",
   [](registry& to) {
     to.add(failing, [](context& ctx) { return ctx.publish(bad_message{}); });
   },
   true, 2},
  {"the constructor of a connection's state",
   [](registry& to) {
     to.add(failing, [](context& ctx) {
       require_actor<websocket_client>(ctx)->state<bad_birth>();
     });
   }},
  {"what follows a call that was answered at once",
   [](registry& to) {
     to.add("app::test:inner", [] {});
     to.add(failing, [](context& ctx) {
       auto answer = ctx.make_promise<int>();
       ctx.call_strategy<void>("app::test:inner")
         .then([answer] { raise(); }, [](const caf::error&) {});
       return answer;
     });
   }},
  {"what follows a call",
   [](registry& to) {
     to.add(failing, [](context& ctx) {
       auto answer = ctx.make_promise<int>();
       ctx.call_strategy<int>("app::desk:fine")
         .then([answer](int) { raise(); }, [](const caf::error&) {});
       return answer;
     });
   },
   false},
  {"what follows a call that has failed",
   [](registry& to) {
     to.add(failing, [](context& ctx) {
       auto answer = ctx.make_promise<int>();
       ctx.call_strategy<std::string>("app::desk:fine")
         .then([](const std::string&) {},
               [answer](const caf::error&) { raise(); });
       return answer;
     });
   },
   false},
  {"what follows publish_sync",
   [](registry& to) {
     to.add(failing, [](context& ctx) {
       auto answer = ctx.make_promise<int>();
       ctx.publish_sync(news{}, 1s)
         .then([answer](const publish_report&) { raise(); },
               [](const caf::error&) {});
       return answer;
     });
   },
   false},
};

} // namespace

TEST_CASE("whatever a function throws is answered 500, and all goes on") {
  for (auto& where : answering)
    for (auto& what : all_thrown) {
      INFO(where.name + " throws " + what.name);
      raise = what.raise;
      log_capture log;
      testing::app app{{.client = {.expose_traces = true}}};
      app.host(desk);
      where.add(app.strategies());
      auto ada = app.connect();
      auto seen = ada.expect_error(ada.send(failing), 500);
      CHECK(seen.message == "internal error");
      CHECK(seen.code == "internal");
      if (where.traced)
        CHECK(test::contains(seen.trace.value(), what.text));
      CHECK(logged(log, what.text) == where.lines);
      // Exactly one answer, and everyone goes on.
      app.advance(20s);
      ada.expect_nothing();
      CHECK(ada.call<int>("app::desk:fine") == 1);
      auto bob = app.connect();
      CHECK(bob.call<int>("app::desk:fine") == 1);
    }
}

// -- boundaries that answer nobody --------------------------------------------

TEST_CASE("an event that cannot be made fails, and is not published") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    testing::app app;
    CHECK(trace_of(app.bus().publish(bad_topics{}))
          == "publish bad_topics: " + what.text);
    CHECK(trace_of(app.bus().publish(bad_message{}))
          == "publish bad_message: " + what.text);
    CHECK_FALSE(app.bus().publish_sync(bad_message{}, 1s));
    CHECK(app.events().empty());
  }
}

TEST_CASE("a listener that throws hurts nobody else") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    log_capture log;
    testing::app app;
    int heard = 0;
    app.host([&heard](domain_actor<>* self) -> domain_behavior {
      self->subscribe("news");
      return {listen([](const news&) { raise(); }),
              listen([&heard](const event&) {
                ++heard;
                raise();
              })};
    });
    app.on_open([](client& who) {
      who.subscribe("news", [](context&, const news&) { raise(); });
    });
    auto ada = app.connect();
    for (int i = 0; i < 2; ++i)
      CHECK_FALSE(app.bus().publish(news{i}));
    app.run();
    CHECK(heard == 2);
    CHECK(logged(log, "handle event(news): " + what.text) == 4);
    CHECK(logged(log, "handle event(event): " + what.text) == 2);
    CHECK_FALSE(ada.closed());
  }
}

TEST_CASE("a listener that throws does not end the actor that published") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    testing::app app;
    app.host([](domain_actor<>* self) -> domain_behavior {
      self->subscribe("news");
      return {listen([](const event&) { raise(); })};
    });
    auto made = detail::make_event(news{1}, {{}, backend_claims()});
    auto publisher = app.system().spawn(
      [group = app.bus().group("news"),
       made = *made](caf::event_based_actor* self) -> caf::behavior {
        return {[=](caf::tick_atom) { self->send(group, made); }};
      });
    app.adopt(publisher);
    bool ended = false;
    publisher->attach_functor([&ended] { ended = true; });
    caf::anon_send(publisher, caf::tick_atom::value);
    app.run();
    CHECK_FALSE(ended);
  }
}

TEST_CASE("an on_open that throws closes its connection with 1011") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    log_capture log;
    testing::app app;
    app.strategies().add("app::test:fine", [] { return 1; });
    app.on_open([](client&) { raise(); });
    auto ada = app.connect();
    CHECK(ada.expect_close(close_code::internal_error).reason
          == "internal error");
    CHECK(logged(log, "connection c1: on_open: " + what.text) == 1);
    CHECK(app.events().expect<client_disconnected>().code == 1011);
    CHECK(app.connections().open() == 0);
    app.on_open({});
    auto bob = app.connect();
    CHECK(bob.call<int>("app::test:fine") == 1);
  }
}

TEST_CASE("an on_open after the authentication is no exception") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    testing::app app;
    app.authenticate();
    app.on_open([](client&) { raise(); });
    auto ada = app.connect(user{.id = "1", .name = "Ada"});
    CHECK(ada.expect_close(close_code::internal_error).reason
          == "internal error");
  }
}

TEST_CASE("a verifying function that throws lets nobody in") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    log_capture log;
    testing::app app;
    app.authenticate([](std::string_view, const claims&) {
      raise();
      return caf::expected<user>{user{.id = "1"}};
    });
    auto ada = app.connect();
    auto ref
      = ada.send("app::websocket:auth",
                 std::map<std::string, std::string>{{"token", "sesame"}});
    CHECK(ada.expect_error(ref, 500).message == "internal error");
    CHECK(logged(log, what.text) == 1);
    CHECK(app.events().all<user_authenticated>().empty());
  }
}

TEST_CASE("the future of a call is fulfilled when its answer cannot be read") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    testing::app app;
    app.strategies().add("app::test:number", [] {
      return std::map<std::string, int>{{"number", 1}};
    });
    auto answer = app.backend().call<bad_input>("app::test:number");
    REQUIRE_FALSE(answer);
    CHECK(trace_of(answer.error()) == what.text);
  }
}

// -- handlers that were given to CAF ------------------------------------------

namespace {

/// Has CAF run something that throws, in whatever actor runs it.
void misuse(context& ctx) {
  auto self = ctx.self();
  auto helper = self->spawn([](caf::event_based_actor*) -> caf::behavior {
    return {[](int x) { return x; }};
  });
  self->request(helper, caf::infinite, 1)
    .then([helper](int) { raise(); }, [](const caf::error&) {});
}

} // namespace

TEST_CASE("a handler of CAF that throws does not end its connection") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    log_capture log;
    testing::app app;
    app.strategies().add("app::test:misuse", misuse);
    app.strategies().add("app::test:fine", [] { return 1; });
    auto ada = app.connect();
    ada.send("app::test:misuse");
    CHECK(ada.call<int>("app::test:fine") == 1);
    CHECK(logged(log, "connection c1: a handler of messages: " + what.text)
          == 1);
    app.events().expect_nothing<client_disconnected>();
  }
}

TEST_CASE("an error that comes back to a send does not end its connection") {
  log_capture log;
  testing::app app;
  app.strategies().add("app::test:send", [](context& ctx) {
    auto self = ctx.self();
    self->send(self->spawn([]() -> caf::behavior {
      return {[](int) -> caf::result<int> { return caf::sec::end_of_stream; }};
    }),
               1);
  });
  app.strategies().add("app::test:fine", [] { return 1; });
  auto ada = app.connect();
  ada.send("app::test:send");
  CHECK(ada.call<int>("app::test:fine") == 1);
  CHECK(logged(log, "connection c1: what it has sent was answered with an "
                    "error: ")
        == 1);
}

TEST_CASE("a handler of CAF that throws does not end its domain") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    log_capture log;
    testing::app app;
    caf::actor domain;
    auto make = [&domain](domain_actor<>* self) -> domain_behavior {
      domain = self;
      return {on("app::shop:fine", [] { return 1; }),
              on("app::shop:misuse", misuse), [](caf::tick_atom) { raise(); }};
    };
    app.host(make);
    auto ada = app.connect();
    caf::anon_send(domain, caf::tick_atom::value);
    app.run();
    CHECK(ada.call<int>("app::shop:fine") == 1);
    ada.call<void>("app::shop:misuse");
    CHECK(ada.call<int>("app::shop:fine") == 1);
    CHECK(logged(log, "the domain actor of app::shop: a handler of messages: "
                        + what.text)
          == 2);
    CHECK(app.domains().failures() == 0);
    domain = {};
  }
}

TEST_CASE("a handler of CAF that throws does not end the backend") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    log_capture log;
    testing::app app;
    std::optional<response_promise<int>> kept;
    app.strategies().add("app::test:misuse", misuse);
    app.strategies().add("app::test:fine", [] { return 1; });
    app.strategies().add("app::test:quit",
                         [](context& ctx) { ctx.self()->quit(); });
    app.strategies().add("app::test:keep", [&kept](context& ctx) {
      kept = ctx.make_promise<int>();
      return *kept;
    });
    auto waiting = app.backend().call_async<int>("app::test:keep");
    CHECK(app.backend().call("app::test:misuse"));
    CHECK(
      logged(log, "the backend's actor: a handler of messages: " + what.text)
      == 1);
    CHECK(waiting.wait_for(0s) == std::future_status::timeout);
    // What it had begun is answered when a strategy ends it.
    CHECK(app.backend().call("app::test:quit"));
    REQUIRE(waiting.wait_for(0s) == std::future_status::ready);
    CHECK(waiting.get().error() == errc::internal);
    CHECK(app.backend().call<int>("app::test:fine") == 1);
    kept->deliver(1);
    app.run();
  }
}

// -- what makes a domain ------------------------------------------------------

namespace {

/// Its instances that there are.
int living = 0;

struct counted_state {
  counted_state() {
    ++living;
  }

  ~counted_state() {
    --living;
  }
};

/// Shows itself to the bus before it fails.
domain_behavior late_to_fail(domain_actor<counted_state>* self) {
  self->subscribe("news");
  if (raise != nullptr)
    raise();
  return {on("app::late:quit", [=] { self->quit(caf::sec::runtime_error); })};
}

} // namespace

TEST_CASE("a domain that cannot be restarted stays down, and all goes on") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = nullptr;
    log_capture log;
    testing::app app;
    app.strategies().add("app::test:fine", [] { return 1; });
    app.host({.max_restarts = 1}, late_to_fail);
    auto size = app.bus().size();
    auto ada = app.connect();
    raise = what.raise;
    ada.send("app::late:quit");
    app.run();
    CHECK(logged(log, "the domain actor of app::late cannot be restarted: "
                        + what.text + "; it stays down")
          == 1);
    ada.expect_error(ada.send("app::late:quit"), 503);
    CHECK(ada.call<int>("app::test:fine") == 1);
    // Whoever failed has left the bus, and its state is gone.
    CHECK_FALSE(app.bus().publish(news{1}));
    app.run();
    CHECK(app.bus().size() <= size);
    CHECK(living == 0);
  }
}

TEST_CASE("a domain that cannot be made is known to who makes it") {
  for (auto& what : all_thrown) {
    INFO(what.name);
    raise = what.raise;
    testing::app app;
    auto before = app.system().registry().running();
    CHECK_THROWS(app.host(late_to_fail));
    CHECK_FALSE(app.bus().publish(news{1}));
    app.run();
    CHECK(app.system().registry().running() == before);
    CHECK(living == 0);
  }
}
