#include "flamigo/bus/bus.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/claims/claims.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "support/events.hpp"
#include "support/log_capture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::posted;
using test::renamed;
using test::strings;

namespace {

/// What a plain CAF actor has heard.
struct diary {
  strings heard;
};

caf::behavior reader(caf::event_based_actor* self, std::shared_ptr<diary> to) {
  self->set_default_handler(caf::drop);
  return {
    [=](const event_ptr& what) {
      if (auto* x = what->get_if<posted>())
        to->heard.push_back(x->text);
      else if (auto* y = what->get_if<renamed>())
        to->heard.push_back(y->to);
    },
    [=](const std::string& text) { to->heard.push_back(text); },
    [=](caf::join_atom, const caf::group& where) { self->join(where); },
    [=](caf::leave_atom, const caf::group& where) { self->leave(where); },
  };
}

struct fixture : testing::actor_fixture {
  caf::actor spawn_reader(std::initializer_list<const char*> patterns,
                          std::shared_ptr<diary> to) {
    auto result = system.spawn(reader, to);
    adopt(result);
    for (auto pattern : patterns)
      caf::anon_send(result, caf::join_atom_v, bus.group(pattern));
    run();
    return result;
  }
};

} // namespace

TEST_CASE("actors join and leave topics with CAF's own calls") {
  fixture f;
  auto to = std::make_shared<diary>();
  auto who = f.spawn_reader({"rooms/*"}, to);
  CHECK_FALSE(f.bus.publish(posted{"a", "1"}));
  f.run();
  CHECK(to->heard == strings{"1"});
  caf::anon_send(who, caf::leave_atom_v, f.bus.group("rooms/*"));
  f.run();
  CHECK_FALSE(f.bus.publish(posted{"a", "2"}));
  f.run();
  CHECK(to->heard == strings{"1"});
}

TEST_CASE("an event comes once, whatever matches") {
  fixture f;
  auto to = std::make_shared<diary>();
  f.spawn_reader({"users", "users/*", "users/*/name", "names", "*"}, to);
  CHECK_FALSE(f.bus.publish(renamed{"7", "Ada"}));
  f.run();
  CHECK(to->heard == strings{"Ada"});
}

TEST_CASE("events of one publisher keep their order") {
  fixture f;
  auto to = std::make_shared<diary>();
  f.spawn_reader({"rooms/a"}, to);
  strings expected;
  for (int i = 0; i < 100; ++i) {
    expected.push_back(std::to_string(i));
    CHECK_FALSE(f.bus.publish(posted{"a", expected.back()}));
  }
  f.run();
  CHECK(to->heard == expected);
}

TEST_CASE("any message may be sent to the group of a topic") {
  fixture f;
  auto to = std::make_shared<diary>();
  f.spawn_reader({"rooms/*"}, to);
  caf::scoped_actor self{f.system};
  self->send(f.bus.group("rooms/a/b"), std::string{"hi"});
  // A pattern is no address.
  self->send(f.bus.group("rooms/*"), std::string{"nobody"});
  f.run();
  CHECK(to->heard == strings{"hi"});
}

TEST_CASE("an event that is sent to a group comes under that topic, too") {
  fixture f;
  auto to = std::make_shared<diary>();
  f.spawn_reader({"elsewhere"}, to);
  f.spawn_reader({"rooms/a", "elsewhere"}, to);
  auto what = detail::make_event(posted{"a", "1"}, {});
  REQUIRE(what);
  caf::scoped_actor self{f.system};
  self->send(f.bus.group("elsewhere"), *what);
  f.run();
  CHECK(to->heard == strings{"1", "1"});
}

TEST_CASE("one may want a topic without what is below it") {
  fixture f;
  auto to = std::make_shared<diary>();
  auto who = f.spawn_reader({}, to);
  auto ptr = caf::actor_cast<caf::strong_actor_ptr>(who);
  topic room{"rooms/a"};
  CHECK(f.bus.subscribe_exactly(ptr, room));
  CHECK_FALSE(f.bus.subscribe_exactly(ptr, room));
  CHECK(f.bus.subscribers(room).size() == 1);
  CHECK(f.bus.subscribers(topic{"rooms/a/typing"}).empty());
  CHECK(f.bus.subscribers(topic{"rooms"}).empty());
  CHECK_FALSE(f.bus.publish(posted{"a", "1"}));
  CHECK_FALSE(f.bus.publish(posted{"a/typing", "2"}));
  f.run();
  CHECK(to->heard == strings{"1"});
  // It has nothing to do with the pattern of the same text.
  CHECK(f.bus.subscribe(ptr, topic_pattern{room}));
  CHECK(f.bus.subscriptions(ptr.get()) == 2);
  f.bus.unsubscribe_exactly(ptr.get(), room);
  CHECK_FALSE(f.bus.publish(posted{"a/typing", "3"}));
  f.run();
  CHECK(to->heard == strings{"1", "3"});
}

TEST_CASE("one pattern is one group") {
  fixture f;
  CHECK(f.bus.group("a/b") == f.bus.group("a/b"));
  CHECK(f.bus.group("a/b") != f.bus.group("a"));
  CHECK_THROWS_AS(f.bus.group("a//b"), std::invalid_argument);
  CHECK_THROWS_AS(f.bus.group(""), std::invalid_argument);
}

TEST_CASE("an actor that ends is forgotten") {
  fixture f;
  auto to = std::make_shared<diary>();
  auto who = f.spawn_reader({"rooms/*", "users"}, to);
  auto ptr = caf::actor_cast<caf::strong_actor_ptr>(who);
  // Another one subscribes it, as strategies do with clients.
  f.bus.subscribe(ptr, topic_pattern{std::string{"other"}});
  CHECK(f.bus.subscriptions(ptr.get()) == 3);
  caf::anon_send_exit(who, caf::exit_reason::kill);
  f.run();
  CHECK(f.bus.subscriptions(ptr.get()) == 0);
  // Too late for it.
  f.bus.subscribe(ptr, topic_pattern{std::string{"other"}});
  CHECK(f.bus.subscriptions(ptr.get()) == 0);
}

TEST_CASE("a bus that was stopped keeps no groups") {
  fixture f;
  auto before = f.bus.group("rooms/a");
  f.bus.stop();
  auto after = f.bus.group("rooms/b");
  CHECK(f.bus.size() == 0);
  // Whoever is late may join all the same.
  auto to = std::make_shared<diary>();
  f.spawn_reader({"rooms/a"}, to);
  CHECK_FALSE(f.bus.publish(posted{"a", "nobody hears it"}));
  f.run();
  CHECK(to->heard.empty());
}

TEST_CASE("topics that nobody listens to leave no memory") {
  fixture f;
  auto to = std::make_shared<diary>();
  auto who = f.spawn_reader({"rooms/x"}, to);
  int failed = 0;
  for (int i = 0; i < 10'000; ++i)
    failed += f.bus.publish(posted{std::to_string(i), ""}) ? 1 : 0;
  CHECK(failed == 0);
  CHECK(f.bus.size() <= 3);
  // Many more than are kept before those that nobody holds are let go.
  for (int i = 0; i < 1'000; ++i) {
    auto group = f.bus.group("rooms/" + std::to_string(i));
    caf::anon_send(who, caf::join_atom_v, group);
    caf::anon_send(who, caf::leave_atom_v, group);
    f.run();
  }
  CHECK(f.bus.size() <= 130);
  CHECK_FALSE(f.bus.publish(posted{"x", "still there"}));
  f.run();
  CHECK(to->heard == strings{"still there"});
}

TEST_CASE("an event needs a topic, and topics that are some") {
  fixture f;
  auto err = f.bus.publish(test::homeless{});
  CHECK(trace_of(err).find("at least one topic") != std::string::npos);
  CHECK(f.bus.publish(posted{"*", ""}));
  // Who drops the result has a line in the log.
  test::log_capture log;
  CHECK(f.bus.publish(posted{"a//b", ""}));
  CHECK(log.lines().size() == 1);
  CHECK(test::contains(log.lines().at(0), "publish posted: "));
  CHECK(test::contains(log.lines().at(0), "\"rooms/a//b\""));
}

TEST_CASE("a client's frame is encoded once") {
  auto what = detail::make_event(posted{"a", "\"hi\""}, {});
  REQUIRE(what);
  REQUIRE((*what)->is_for_clients());
  auto& frame = (*what)->client_frame();
  CHECK(
    frame
    == R"({"topic":"chat:message","payload":{"room":"a","text":"\"hi\""}})");
  CHECK(&frame == &(*what)->client_frame());
  auto other = detail::make_event(renamed{"7", "Ada"}, {});
  CHECK_FALSE((*other)->is_for_clients());
}

TEST_CASE("an event knows who caused it") {
  fixture f;
  acting_actor cause;
  auto who = f.system.spawn([&](caf::event_based_actor* self) {
    self->join(f.bus.group("rooms"));
    return caf::behavior{[&](const event_ptr& what) { cause = what->cause(); }};
  });
  f.adopt(who);
  f.run();
  auto claims = std::make_shared<flamigo::claims>();
  claims->connection_id = "c7";
  CHECK_FALSE(f.bus.publish(posted{"a", ""}, {who, claims}));
  f.run();
  CHECK(cause.handle == who);
  CHECK(cause.claims->connection_id == "c7");
  CHECK_FALSE(f.bus.publish(posted{"a", ""}));
  f.run();
  CHECK(cause.claims == backend_claims());
  cause = {};
}

namespace {

/// What a client would take to be the framework's.
struct pretended {
  std::string name;

  topic topics() const {
    return topic{"rooms/a"};
  }

  client_message to_client() const {
    return {name, {"1"}};
  }
};

BOOST_DESCRIBE_STRUCT(pretended, (), (name))

} // namespace

TEST_CASE("an event cannot pretend to be the framework's") {
  fixture f;
  test::log_capture log;
  auto err = f.bus.publish(pretended{"presence"});
  CHECK(test::contains(trace_of(err), own_topic_refused("presence")));
  CHECK(status_of(err) == 500);
  CHECK(log.lines().size() == 1);
  CHECK_FALSE(f.bus.publish(pretended{"chat:presence"}));
}

TEST_CASE("stamps tell what was published before a mark") {
  fixture f;
  auto to = std::make_shared<diary>();
  f.spawn_reader({"rooms/a"}, to);
  auto publish = [&f](std::string room) {
    auto made = detail::make_event(posted{std::move(room), "1"},
                                   acting_actor{{}, backend_claims()});
    REQUIRE(made);
    f.bus.deliver(*made, nullptr);
    return (*made)->stamp();
  };
  auto first = publish("a");
  CHECK(first > 0);
  auto mark = f.bus.mark();
  CHECK(first <= mark);
  auto second = publish("a");
  CHECK(second > mark);
  // What nobody hears and what is heard advance nothing: marks do.
  CHECK(publish("b") == 0);
  CHECK(publish("a") == second);
  CHECK(f.bus.mark() == second);
  CHECK(publish("a") > second);
  f.run();
}

// -- publish_sync -------------------------------------------------------------

namespace {

/// What `publish_sync` reports when the actors run in the middle of it. Not on
/// two threads: CAF's test coordinator is for one.
publish_report publish_and_wait(fixture& f, caf::timespan timeout) {
  auto made = detail::make_event(posted{"a", "1"},
                                 acting_actor{{}, backend_claims()});
  REQUIRE(made);
  auto sent = f.bus.deliver_and_ask(*made, nullptr);
  f.run();
  auto report = sent.wait(timeout);
  f.run();
  return report;
}

} // namespace

TEST_CASE("publish_sync answers when all have handled the event") {
  fixture f;
  auto to = std::make_shared<diary>();
  f.spawn_reader({"rooms/*"}, to);
  f.spawn_reader({"rooms/*"}, to);
  auto report = publish_and_wait(f, 1h);
  CHECK(report.listeners == 2);
  CHECK(report.complete());
  CHECK(to->heard == strings{"1", "1"});
}

TEST_CASE("publish_sync without listeners answers at once") {
  fixture f;
  auto report = f.bus.publish_sync(posted{"a", "1"}, 1h);
  REQUIRE(report);
  CHECK(report->listeners == 0);
  CHECK(report->complete());
}

TEST_CASE("publish_sync reports who was not done in time") {
  fixture f;
  auto to = std::make_shared<diary>();
  f.spawn_reader({"rooms/*"}, to);
  // It keeps every event for later.
  auto lazy = f.system.spawn([&](caf::event_based_actor* self) {
    self->set_default_handler(caf::skip);
    self->join(f.bus.group("rooms"));
    return caf::behavior{[](caf::unit_t) {}};
  });
  f.adopt(lazy);
  f.run();
  auto report = publish_and_wait(f, 0s);
  CHECK(report.listeners == 2);
  REQUIRE(report.failures.size() == 1);
  CHECK(report.failures[0].listener == lazy);
  CHECK(report.failures[0].why == errc::timeout);
}

TEST_CASE("publish_sync reports who has ended") {
  fixture f;
  auto mortal = f.system.spawn([&](caf::event_based_actor* self) {
    self->join(f.bus.group("rooms"));
    return caf::behavior{
      [=](const event_ptr&) { self->quit(caf::exit_reason::kill); }};
  });
  auto second = f.system.spawn([&](caf::event_based_actor* self) {
    self->join(f.bus.group("rooms"));
    return caf::behavior{[](const event_ptr&) -> caf::result<void> {
      return make_error(errc::conflict, "no");
    }};
  });
  f.adopt(second);
  f.run();
  auto report = publish_and_wait(f, 1h);
  CHECK(report.listeners == 2);
  CHECK(report.failures.size() >= 1);
  for (auto& x : report.failures)
    if (x.listener == second)
      CHECK(x.why == errc::conflict);
}

TEST_CASE("what is published is counted, and each who is told of it") {
  using detail::metric;
  testing::actor_fixture f;
  metric_registry counted{{""}};
  f.bus.count_in(counted);
  CHECK_FALSE(f.bus.publish(posted{"general", "nobody"}));
  CHECK(counted.sum(metric::events_published) == 1);
  CHECK(counted.sum(metric::events_delivered) == 0);
  auto before = f.bus.subscriptions();
  std::vector<caf::actor> readers;
  for (int i = 0; i < 2; ++i) {
    readers.push_back(f.system.spawn(reader, std::make_shared<diary>()));
    f.bus.subscribe(caf::actor_cast<caf::strong_actor_ptr>(readers.back()),
                    topic_pattern{"rooms/*"});
    f.bus.subscribe(caf::actor_cast<caf::strong_actor_ptr>(readers.back()),
                    topic_pattern{"rooms/general"});
  }
  CHECK(f.bus.subscriptions() == before + 4);
  CHECK_FALSE(f.bus.publish(posted{"general", "two"}));
  // Each once, however many of its patterns match.
  CHECK(counted.sum(metric::events_published) == 2);
  CHECK(counted.sum(metric::events_delivered) == 2);
  // The same where answers are waited for.
  auto made = detail::make_event(posted{"general", "asked"}, {});
  REQUIRE(made);
  f.bus.deliver_and_ask(*made, nullptr);
  f.run();
  CHECK(counted.sum(metric::events_published) == 3);
  CHECK(counted.sum(metric::events_delivered) == 4);
  f.bus.unsubscribe(caf::actor_cast<caf::strong_actor_ptr>(readers[0]).get(),
                    topic_pattern{"rooms/*"});
  CHECK(f.bus.subscriptions() == before + 3);
  for (auto& x : readers)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  f.run();
  CHECK(f.bus.subscriptions() == before);
  // A program that has ended is told of nothing.
  auto published = counted.sum(metric::events_published);
  f.bus.stop();
  CHECK_FALSE(f.bus.publish(posted{"general", "nobody"}));
  CHECK(counted.sum(metric::events_published) == published);
}
