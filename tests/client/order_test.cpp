// In which order a client hears what its program does: what a strategy has
// caused comes before its reply, and nothing of one publisher overtakes.

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "flamigo/testing/fake_client.hpp"
#include "support/events.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::call;
using test::posted;
using test::replied;
using test::strings;

namespace {

std::string forwarded(const std::string& text) {
  return test::pushed("chat:message",
                      R"({"room":"a","text":")" + text + R"("})");
}

std::string gist(const std::string& text) {
  return test::pushed("gist", '"' + text + '"');
}

struct fixture : testing::actor_fixture {
  fixture() {
    adopt(watch.handle());
    strategies.add("app::test:publish",
                   [](context& ctx, const std::string& text) {
                     return ctx.publish(posted{"a", text});
                   });
    run();
  }

  ~fixture() {
    end();
  }

  /// What clients have that listen by a handler.
  static void listen_to(client self, const std::string& pattern) {
    self.subscribe(pattern, [self](context&, const posted& what) mutable {
      self.send("gist", what.text);
    });
  }

  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
};

} // namespace

// -- what one strategy does ---------------------------------------------------

TEST_CASE("an event comes before the reply also where a handler gets it") {
  fixture f;
  f.env.on_open = [](client& self) { fixture::listen_to(self, "rooms/a"); };
  testing::fake_client client{f, f.env};
  client.say(call("app::test:publish", R"("1")"));
  CHECK(client.heard()
        == strings{gist("1"), replied("app::test:publish", "null")});
}

TEST_CASE("a handler for other events does not change the order") {
  fixture f;
  f.env.on_open = [](client& self) {
    self.subscribe("rooms/a");
    fixture::listen_to(self, "rooms/b");
  };
  testing::fake_client client{f, f.env};
  client.say(call("app::test:publish", R"("1")"));
  CHECK(client.heard()
        == strings{forwarded("1"), replied("app::test:publish", "null")});
}

TEST_CASE("all that a strategy causes comes in the order in which it does it") {
  fixture f;
  f.env.on_open = [](client& self) {
    self.subscribe("rooms/a");
    fixture::listen_to(self, "rooms/b");
  };
  f.strategies.add("app::test:much", [](context& ctx) {
    context later{ctx};
    auto who = require_actor<websocket_client>(ctx);
    (void) later.publish(posted{"a", "1"});
    (void) ctx.publish(posted{"b", "2"});
    who->send("plain", 3);
    (void) ctx.publish(posted{"a", "4"});
    (void) later.publish(posted{"b", "5"});
    (void) ctx.publish_sync(posted{"a", "6"}, 10s);
    (void) ctx.publish(posted{"a", "7"});
  });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:much"));
  CHECK(client.heard()
        == strings{forwarded("1"), gist("2"), test::pushed("plain", "3"),
                   forwarded("4"), gist("5"), forwarded("6"), forwarded("7"),
                   replied("app::test:much", "null")});
}

TEST_CASE("what a strategy has others do before it returns keeps its order") {
  fixture f;
  f.env.on_open = [](client& self) { self.subscribe("rooms/a"); };
  f.strategies.add("app::test:delegate", [](context& ctx) {
    auto who = require_actor<websocket_client>(ctx);
    context later{ctx};
    std::thread{[&] {
      who->send("plain", 1);
      (void) later.publish(posted{"a", "2"});
    }}.join();
    (void) ctx.publish(posted{"a", "3"});
    who->send("plain", 4);
  });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:delegate"));
  CHECK(client.heard()
        == strings{test::pushed("plain", "1"), forwarded("2"), forwarded("3"),
                   test::pushed("plain", "4"),
                   replied("app::test:delegate", "null")});
}

TEST_CASE("requests of one client are answered in order behind their events") {
  fixture f;
  f.env.on_open = [](client& self) { fixture::listen_to(self, "rooms/a"); };
  testing::fake_client client{f, f.env};
  strings expected;
  for (int i = 0; i < 200; ++i) {
    auto text = std::to_string(i);
    client.say(call("app::test:publish", '"' + text + '"', i));
    expected.push_back(gist(text));
    expected.push_back(replied("app::test:publish", "null", i));
  }
  // Without 429, although no other actor had its turn.
  CHECK(client.heard() == expected);
}

TEST_CASE("requests that had to wait are answered in order as well") {
  fixture f;
  f.env.on_open = [](client& self) { fixture::listen_to(self, "rooms/a"); };
  auto slow = f.system.spawn([](caf::event_based_actor*) {
    return caf::behavior{[](int x) { return x; }};
  });
  f.adopt(slow);
  f.strategies.add("app::test:await", [slow](context& ctx) {
    auto answer = ctx.make_promise<int>();
    ctx.self()->request(slow, caf::infinite, 7).await([answer](int x) mutable {
      answer.deliver(x);
    });
    return answer;
  });
  f.strategies.add("app::test:echo", [](int x) { return x; });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:await", "null", 1));
  client.say(call("app::test:publish", R"("2")", 2));
  client.say(call("app::test:echo", "3", 3));
  client.say(call("app::test:publish", R"("4")", 4));
  client.say(call("app::test:echo", "5", 5));
  f.run();
  CHECK(client.heard()
        == strings{replied("app::test:await", "7", 1), gist("2"),
                   replied("app::test:publish", "null", 2),
                   replied("app::test:echo", "3", 3), gist("4"),
                   replied("app::test:publish", "null", 4),
                   replied("app::test:echo", "5", 5)});
}

TEST_CASE("a client is closed behind what was published before") {
  fixture f;
  f.env.on_open = [](client& self) { fixture::listen_to(self, "rooms/a"); };
  f.strategies.add("app::test:leave", [](context& ctx) {
    (void) ctx.publish(posted{"a", "last"});
    require_actor<websocket_client>(ctx)->close({4000, "bye"});
  });
  testing::fake_client client{f, f.env};
  client.say(call("app::test:leave"));
  CHECK(client.heard() == strings{gist("last")});
  REQUIRE(client.closed());
  CHECK(client.closed()->code == 4000);
}

// -- subscriptions made from elsewhere ----------------------------------------

TEST_CASE("an event does not leak past a handler that is on its way") {
  fixture f;
  std::optional<client> who;
  f.env.on_open = [&who](client& self) {
    if (!who)
      who = self;
    self.subscribe("rooms/b");
  };
  testing::fake_client one{f, f.env, "", "c1"};
  testing::fake_client two{f, f.env, "", "c2"};
  // As another thread does it: the bus knows at once, the actor does not.
  fixture::listen_to(*who, "rooms/a");
  two.say(call("app::test:publish", R"("1")"));
  one.say(call("app::test:publish", R"("2")"));
  f.run();
  CHECK(one.heard()
        == strings{gist("1"), gist("2"), replied("app::test:publish", "null")});
  CHECK(two.heard() == strings{replied("app::test:publish", "null")});
  who.reset();
}

TEST_CASE("what is sent to a client is not overtaken by an event") {
  fixture f;
  std::optional<client> who;
  f.env.on_open = [&who](client& self) {
    if (!who)
      who = self;
    self.subscribe("rooms/a");
  };
  testing::fake_client one{f, f.env, "", "c1"};
  f.strategies.add("app::test:both", [&who](context& ctx) {
    who->send("plain", 1);
    return ctx.publish(posted{"a", "2"});
  });
  testing::fake_client two{f, f.env, "", "c2"};
  two.say(call("app::test:both"));
  f.run();
  CHECK(one.heard() == strings{test::pushed("plain", "1"), forwarded("2")});
  who.reset();
}

// -- waiting for listeners ----------------------------------------------------

TEST_CASE("an event that is waited for keeps its place") {
  fixture f;
  f.env.on_open = [](client& self) { self.subscribe("rooms/a"); };
  f.adopt(host(f.services, {}, [](domain_actor<>*) -> domain_behavior {
    return {on("app::domain:mix", [](context& ctx) {
      for (int i = 0; i < 20; ++i) {
        auto text = std::to_string(i);
        if (i % 3 == 0)
          (void) ctx.publish(posted{"a", text});
        else
          (void) ctx.publish_sync(posted{"a", text}, 10s);
      }
    })};
  }));
  testing::fake_client client{f, f.env};
  client.say(call("app::domain:mix"));
  f.run();
  strings expected;
  for (int i = 0; i < 20; ++i)
    expected.push_back(forwarded(std::to_string(i)));
  expected.push_back(replied("app::domain:mix", "null"));
  CHECK(client.heard() == expected);
}

// -- all of it ----------------------------------------------------------------

namespace {

/// "publisher number" of an event, as clients and handlers get it.
struct numbered {
  std::string room;
  std::string from;
  int number;

  topic topics() const {
    return topic{"rooms/" + room};
  }

  client_message to_client() const {
    return make_client_message("numbered", *this);
  }
};

BOOST_DESCRIBE_STRUCT(numbered, (), (room, from, number))

struct step {
  int kind;
  std::string room;
};

BOOST_DESCRIBE_STRUCT(step, (), (kind, room))

constexpr const char* rooms[] = {"a", "b"};

/// Publishers that count, whatever way they publish.
struct crowd : fixture {
  crowd() {
    env.on_open = [this](client& self) {
      clients.push_back(self);
      auto n = clients.size();
      if (n % 2 == 0)
        self.subscribe("rooms/*");
      else
        self.subscribe("rooms/a");
      if (n % 3 == 0)
        self.subscribe("rooms/b", [self](const numbered& what) mutable {
          self.send("numbered", what);
        });
    };
    strategies.add("app::crowd:go", [this](context& ctx, const step& in) {
      auto from = ctx.claims().connection_id;
      switch (in.kind) {
        case 0:
          (void) ctx.publish(next(in.room, from));
          break;
        case 1:
          (void) ctx.publish_sync(next(in.room, from), 10s);
          break;
        default: {
          context copy{ctx};
          (void) copy.publish(next(in.room, from));
        }
      }
      return numbers[from + in.room];
    });
    adopt(host(services, {}, [this](domain_actor<>* self) -> domain_behavior {
      return {on("app::hosted:go", [=, this](context& ctx, const step& in) {
        if (in.kind == 0)
          (void) self->publish(next(in.room, "domain"));
        else if (in.kind == 1)
          (void) ctx.publish_sync(next(in.room, "domain"), 10s);
        else
          (void) ctx.publish(next(in.room, "domain"));
        return numbers["domain" + in.room];
      })};
    }));
    run();
  }

  numbered next(const std::string& room, const std::string& from) {
    return {room, from, ++numbers[from + room]};
  }

  std::map<std::string, int> numbers;
  std::vector<client> clients;
};

/// What a client has heard, checked against what it may have.
void check_order(const strings& frames, std::map<std::string, int>& last,
                 const std::string& me) {
  for (auto& text : frames) {
    if (test::contains(text, R"("topic":"numbered")")) {
      auto field = [&text](std::string_view name) {
        auto i = text.find('"' + std::string{name} + R"(":)") + name.size() + 3;
        auto end = text.find_first_of(",}", i);
        return text.substr(i, end - i);
      };
      auto key = field("from") + field("room");
      auto number = std::stoi(field("number"));
      INFO(text);
      // None missing, none twice, none out of place.
      CHECK(number == ++last[key]);
    } else if (test::contains(text, R"("topic":"app::crowd:go")")) {
      // The reply tells the number of the event, which came before it.
      auto at = text.find(R"("payload":)") + 10;
      auto ack = text.find(R"("ackId":)") + 8;
      auto room = text[ack] == '1' ? "a" : "b";
      auto key = '"' + me + "\"\"" + room + '"';
      if (last.count(key) > 0) {
        INFO(text);
        CHECK(last[key] >= std::stoi(text.substr(at)));
      }
    }
  }
}

} // namespace

TEST_CASE("whoever publishes in whatever way, the order is kept") {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    std::mt19937 random{seed};
    auto upto = [&random](int n) {
      return static_cast<int>(random() % static_cast<unsigned>(n));
    };
    crowd f;
    std::vector<testing::fake_client> clients;
    for (int i = 0; i < 6; ++i)
      clients.emplace_back(f, f.env, "", "c" + std::to_string(i));
    std::vector<std::map<std::string, int>> last(clients.size());
    auto listen = [&] {
      for (std::size_t i = 0; i < clients.size(); ++i)
        check_order(clients[i].heard(), last[i], "c" + std::to_string(i));
    };
    for (int i = 0; i < 300; ++i) {
      auto& who = clients[static_cast<std::size_t>(upto(6))];
      std::string room = rooms[upto(2)];
      auto payload = R"({"kind":)" + std::to_string(upto(3)) + R"(,"room":")"
                     + room + R"("})";
      auto ack = room == "a" ? 1 : 2;
      switch (upto(6)) {
        case 0:
        case 1:
        case 2:
          who.say(call("app::crowd:go", payload, ack));
          break;
        case 3:
          who.say(call("app::hosted:go", payload, 3));
          break;
        case 4:
          CHECK_FALSE(f.bus.publish(f.next(room, "backend")));
          break;
        default:
          f.clients[static_cast<std::size_t>(upto(6))].send("noise", 1);
      }
      if (upto(4) == 0) {
        f.run();
        listen();
      }
    }
    f.run();
    listen();
    for (std::size_t i = 0; i < clients.size(); ++i)
      for (auto& [key, number] : f.numbers) {
        auto in_a = key.back() == 'a';
        auto n = i + 1;
        if (!in_a && n % 2 != 0 && n % 3 != 0)
          continue;
        auto from = key.substr(0, key.size() - 1);
        auto name = '"' + from + "\"\"" + key.back() + '"';
        INFO("client " << i << " of " << name);
        CHECK(last[i][name] == number);
      }
    f.clients.clear();
  }
}
