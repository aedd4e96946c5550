// Whatever goes wrong inside, a client reads none of it: every kind of internal
// error has a mark in it, which is looked for in all bytes that a socket gets.

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/auth/authenticator.hpp"
#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "support/socket_fixture.hpp"
#include "support/thrown.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

const std::string mark = "do-not-tell";

[[noreturn]] void fail() {
  throw std::runtime_error{mark};
}

caf::error foreign() {
  return caf::make_error(caf::sec::runtime_error, mark);
}

// -- the ground ---------------------------------------------------------------

/// A client and all that it has got.
struct stage : test::socket_fixture {
  ~stage() {
    end();
  }

  /// Frames are told apart by nobody: only their bytes matter.
  void open() {
    accept(peer);
    peer.upgrade();
    look();
  }

  void ask(std::string_view name, std::string_view payload = "null") {
    peer.send_text(test::call(name, payload));
    look();
  }

  /// Adds the strategy, and asks for it.
  template <class... Ts>
  void ask_for(Ts... handlers) {
    strategies.add("app::t:fail", std::move(handlers)...);
    open();
    ask("app::t:fail");
  }

  template <class F>
  void domain(F make) {
    adopt(host(services, {}, make));
    settle();
  }

  /// Switches authentication on.
  void verify(const authenticator& who) {
    add_auth_strategy(strategies, who);
    env.auth = authentication{{}, auth_strategy_name(strategies)};
  }

  void look() {
    settle();
    seen += peer.received();
  }

  test::socket_pair peer;
  std::string seen;
};

// -- a domain that fails in every way -----------------------------------------

struct shop_state {
  std::optional<response_promise<int>> kept;
};

domain_behavior shop(domain_actor<shop_state>* self) {
  return {
    on("app::shop:throw", [] { fail(); }),
    on("app::shop:error", [] { return internal_error(mark); }),
    on("app::shop:foreign", [] { return foreign(); }),
    on("app::shop:promise",
       [](context& ctx) {
         auto answer = ctx.make_promise<int>();
         answer.deliver(foreign());
         return answer;
       }),
    on("app::shop:late",
       [=](context& ctx) -> caf::result<int> {
         self->state.kept = ctx.make_promise<int>();
         return internal_error(mark);
       }),
    on("app::shop:keep",
       [=](context& ctx) {
         self->state.kept = ctx.make_promise<int>();
         return *self->state.kept;
       }),
    on("app::shop:fine", [] { return 1; }),
    on("app::shop:quit", [=] { self->quit(internal_error(mark)); }),
    on("app::shop:break", [=] { caf::anon_send(self, caf::tick_atom::value); }),
    [](caf::tick_atom) { fail(); },
  };
}

std::function<void(stage&)> asks_shop(std::string what) {
  return [what = std::move(what)](stage& f) {
    f.domain(shop);
    f.open();
    f.ask("app::shop:" + what);
  };
}

// -- events that cannot be made -----------------------------------------------

struct news {
  int number = 0;

  topic topics() const {
    return topic{"news"};
  }
};

BOOST_DESCRIBE_STRUCT(news, (), (number))

struct bad_news {
  topic topics() const {
    fail();
  }
};

BOOST_DESCRIBE_STRUCT(bad_news, (), ())

struct bad_input {
  void validate(std::vector<field_error>&) const {
    fail();
  }
};

BOOST_DESCRIBE_STRUCT(bad_input, (), ())

// -- everything that goes wrong -----------------------------------------------

struct mishap {
  std::string name;
  std::function<void(stage&)> happens;
  /// Whether the client reads it where traces are exposed.
  bool is_told = true;
};

const std::vector<mishap> mishaps{
  // Strategies.
  {"a handler throws", [](stage& f) { f.ask_for([] { fail(); }); }},
  {"a handler returns an internal error",
   [](stage& f) { f.ask_for([] { return internal_error(mark); }); }},
  {"a handler returns an error of CAF",
   [](stage& f) { f.ask_for([] { return foreign(); }); }},
  {"an internal error is wrapped",
   [](stage& f) {
     f.ask_for([] { return wrap(internal_error(mark), mark); });
   }},
  {"a code of an error of the system is wrapped",
   [](stage& f) {
     f.ask_for([] {
       return wrap(caf::make_error(caf::sec::request_timeout, mark), mark);
     });
   }},
  {"an exit reason is wrapped",
   [](stage& f) {
     f.ask_for([] {
       auto code = static_cast<std::uint8_t>(caf::exit_reason::out_of_workers);
       return wrap({code, caf::atom("exit"), caf::make_message(mark)}, mark);
     });
   }},
  {"something public is put around an internal error",
   [](stage& f) {
     f.ask_for([] {
       return wrap(foreign(), mark, "closed on Sundays", 409, "closed");
     });
   }},
  {"a public error has a cause",
   [](stage& f) {
     f.ask_for([] { return make_error(errc::forbidden, "no", mark); });
   }},
  {"validate throws",
   [](stage& f) {
     f.strategies.add("app::t:in", [](const bad_input&) {});
     f.open();
     f.ask("app::t:in", "{}");
   }},
  {"a promise is given an error",
   [](stage& f) {
     f.ask_for([](context& ctx) {
       auto answer = ctx.make_promise<int>();
       answer.deliver(internal_error(mark));
       return answer;
     });
   }},
  {"a handler throws after it has made a promise",
   [](stage& f) {
     f.ask_for([](context& ctx) {
       auto answer = ctx.make_promise<int>();
       fail();
       return answer;
     });
   }},
  {"what follows a call throws, and a promise is dropped",
   [](stage& f) {
     f.domain(shop);
     f.ask_for([](context& ctx) {
       auto answer = ctx.make_promise<int>();
       ctx.call_strategy<int>("app::shop:fine")
         .then([answer](int) { fail(); }, [](const caf::error&) {});
       return answer;
     });
   },
   false},
  {"what follows publish_sync throws",
   [](stage& f) {
     f.ask_for([](context& ctx) {
       auto answer = ctx.make_promise<int>();
       ctx.publish_sync(news{}, 1s)
         .then([answer](const publish_report&) { fail(); },
               [](const caf::error&) {});
       return answer;
     });
   },
   false},
  {"a strategy that is called fails",
   [](stage& f) {
     f.domain(shop);
     f.ask_for([](context& ctx) {
       auto answer = ctx.make_promise<int>();
       ctx.call_strategy<int>("app::shop:foreign")
         .then([](int) {},
               [answer](caf::error why) mutable { answer.deliver(why); });
       return answer;
     });
   }},
  {"an event cannot be made",
   [](stage& f) {
     f.ask_for([](context& ctx) { return ctx.publish(bad_news{}); });
   }},
  // Guards.
  {"a guard throws",
   [](stage& f) {
     f.ask_for(make_validator("bad", [](const claims&) -> bool { fail(); }),
               [] {});
   }},
  {"a guard returns an internal error",
   [](stage& f) {
     auto bad = make_validator("bad", [](const claims&) -> caf::error {
       return internal_error(mark);
     });
     f.ask_for(any_of(bad, negate(is_websocket())), [] {});
   }},
  // Domains.
  {"a hosted handler throws", asks_shop("throw")},
  {"a hosted handler returns an internal error", asks_shop("error")},
  {"a hosted handler returns an error of CAF", asks_shop("foreign")},
  {"a hosted promise is given an error", asks_shop("promise")},
  {"a hosted handler fails after it has made a promise", asks_shop("late")},
  {"a domain goes down",
   [](stage& f) {
     f.domain(shop);
     f.open();
     f.ask("app::shop:keep");
     f.ask("app::shop:quit");
     f.ask("app::shop:fine");
   },
   false},
  {"a domain breaks",
   [](stage& f) {
     f.domain(shop);
     f.open();
     f.ask("app::shop:keep");
     f.ask("app::shop:break");
     f.ask("app::shop:fine");
   },
   false},
  // Connections.
  {"on_open throws",
   [](stage& f) {
     f.env.on_open = [](client&) { fail(); };
     f.open();
   },
   false},
  {"a handler of CAF throws",
   [](stage& f) {
     f.ask_for([](context& ctx) {
       ctx.self()
         ->request(ctx.self()->spawn([](caf::event_based_actor*) {
           return caf::behavior{[](int x) { return x; }};
         }),
                   caf::infinite, 1)
         .then([](int) { fail(); });
     });
   },
   false},
  {"a connection's actor ends by an internal error",
   [](stage& f) {
     f.ask_for([](context& ctx) { ctx.self()->quit(internal_error(mark)); });
   },
   false},
  {"a connection's actor ends by an error of CAF",
   [](stage& f) {
     f.ask_for([](context& ctx) { ctx.self()->quit(foreign()); });
   },
   false},
  {"what a connection's actor is linked to fails",
   [](stage& f) {
     f.ask_for([](context& ctx) {
       auto helper = ctx.self()->spawn<caf::linked>(
         [](caf::event_based_actor* self) -> caf::behavior {
           return {[=](caf::tick_atom) { self->quit(internal_error(mark)); }};
         });
       caf::anon_send(helper, caf::tick_atom::value);
     });
   },
   false},
  {"a listener of the client throws",
   [](stage& f) {
     f.env.on_open = [](client& who) {
       who.subscribe("news", [](context&, const news&) { fail(); });
     };
     f.open();
     CHECK_FALSE(f.bus.publish(news{1}));
     f.look();
   },
   false},
  // Authentication.
  {"who verifies throws",
   [](stage& f) {
     f.verify(
       [](std::string_view, const claims&) -> caf::expected<user> { fail(); });
     f.open();
     f.ask("app::websocket:auth", R"({"token":"sesame"})");
   }},
  {"who verifies fails",
   [](stage& f) {
     f.verify([](std::string_view, const claims&) -> caf::expected<user> {
       return foreign();
     });
     f.open();
     f.ask("app::websocket:auth", R"({"token":"sesame"})");
   }},
  {"an actor that verifies fails",
   [](stage& f) {
     auto service = f.system.spawn([](caf::event_based_actor*) {
       return caf::behavior{[](const credentials&) -> caf::result<user> {
         return internal_error(mark);
       }};
     });
     f.adopt(service);
     f.verify(service);
     f.open();
     f.ask("app::websocket:auth", R"({"token":"sesame"})");
   }},
  // HTTP.
  {"a handler of HTTP throws",
   [](stage& f) {
     f.core.routes.handle("GET", "/fail",
                          [](const http_request&) -> http_response { fail(); });
     f.accept(f.peer);
     f.peer.send_bytes("GET /fail HTTP/1.1\r\nHost: x\r\n\r\n");
     f.look();
     CHECK(f.seen.starts_with("HTTP/1.1 500"));
     CHECK(f.seen.ends_with("\r\n\r\ninternal error\n"));
   },
   false},
};

} // namespace

TEST_CASE("a client reads nothing of what goes wrong inside") {
  for (auto& what : mishaps) {
    INFO(what.name);
    test::log_capture log;
    // For an error that the client has caused itself.
    log::set_level(log::level::debug);
    std::string seen;
    {
      stage f;
      what.happens(f);
      f.look();
      seen = f.seen;
    }
    INFO(seen);
    CHECK_FALSE(seen.empty());
    CHECK_FALSE(contains(seen, mark));
    // It has happened.
    CHECK(test::logged(log, mark) > 0);
  }
}

TEST_CASE("where traces are exposed, a client reads it") {
  for (auto& what : mishaps) {
    INFO(what.name);
    test::log_capture log;
    stage f;
    f.env.options.expose_traces = true;
    what.happens(f);
    f.look();
    CHECK(contains(f.seen, mark) == what.is_told);
  }
}

TEST_CASE("an HTTP handler that throws answers 500, and all goes on") {
  for (auto& what : test::all_thrown) {
    INFO(what.name);
    test::log_capture log;
    stage f;
    f.core.routes.handle("GET", "/fail",
                         [raise = what.raise](const http_request&) {
                           raise();
                           return http_response{};
                         });
    f.core.routes.get("/fine", {.body = "fine"});
    f.accept(f.peer);
    f.peer.send_bytes("GET /fail HTTP/1.1\r\nHost: x\r\n\r\n");
    f.look();
    CHECK(f.seen.starts_with("HTTP/1.1 500"));
    CHECK(f.seen.ends_with("\r\n\r\ninternal error\n"));
    CHECK(test::logged(log, "the handler of /fail: " + what.text) == 1);
    f.peer.send_bytes("GET /fine HTTP/1.1\r\nHost: x\r\n\r\n");
    f.look();
    CHECK(f.seen.ends_with("\r\n\r\nfine"));
  }
}
