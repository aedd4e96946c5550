#include "flamigo/channel/detail/history_stage.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include "flamigo/bus/detail/sync_delivery.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "history/slow_history.hpp"
#include "support/events.hpp"
#include "support/log_capture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::posted;
using test::strings;

namespace {

/// An event of as many rooms as it says.
struct shouted {
  std::vector<std::string> rooms;
  std::string text;

  std::vector<topic> topics() const {
    std::vector<topic> result;
    for (auto& x : rooms)
      result.emplace_back(x);
    return result;
  }

  client_message to_client() const {
    return make_client_message("shout", text);
  }
};

BOOST_DESCRIBE_STRUCT(shouted, (), (rooms, text))

/// One that clients do not get.
struct noted {
  topic topics() const {
    return topic{"rooms/a"};
  }
};

BOOST_DESCRIBE_STRUCT(noted, (), ())

struct fixture : testing::actor_fixture {
  fixture() {
    channels.add("rooms/*", {}, {.history = history_limits{}});
    channels.add("walls/*", {}, {.history = history_limits{}});
    channels.add("news");
    bus.pass_by(stage);
    slow.hurry();
    reader = system.spawn([this](caf::event_based_actor* self) {
      self->set_default_handler(caf::drop);
      for (auto x : {"rooms", "walls", "news", "other"})
        self->join(bus.group(x));
      return caf::behavior{
        [this](const event_ptr& what) { heard.push_back(what); }};
    });
    adopt(reader);
    run();
  }

  ~fixture() {
    slow.hurry();
    end();
  }

  event_ptr publish_to(std::vector<std::string> rooms,
                       std::string text = "hi") {
    CHECK_FALSE(bus.publish(shouted{std::move(rooms), std::move(text)}));
    run();
    REQUIRE(!heard.empty());
    return heard.back();
  }

  history_slice read(const std::string& topic, std::uint64_t after = 0) {
    history_slice result;
    engine.follow(topic, {}, [&](auto at) {
      REQUIRE(at);
      engine.read(topic, {at->epoch, after}, 1'000'000, [&](auto got) {
        REQUIRE(got);
        result = std::move(*got);
      });
    });
    return result;
  }

  memory_history engine{system};
  test::slow_history slow{engine};
  channel_registry channels;
  detail::history_stage stage{channels, slow};
  caf::actor reader;
  std::vector<event_ptr> heard;
};

/// The same with an engine that takes its time.
struct slow_fixture : fixture {
  test::slow_history late{engine};
  detail::history_stage late_stage{channels, late};

  slow_fixture() {
    bus.pass_by(late_stage);
  }

  ~slow_fixture() {
    late.hurry();
    end();
  }
};

} // namespace

TEST_CASE_METHOD(fixture, "an event of a channel knows its place") {
  auto first = publish_to({"rooms/a"});
  auto second = publish_to({"rooms/a"});
  REQUIRE(first->places().size() == 1);
  REQUIRE(second->places().size() == 1);
  CHECK(first->places()[0].topic == "rooms/a");
  CHECK(first->places()[0].at.offset == 1);
  CHECK(second->places()[0].at.offset == 2);
  CHECK(second->client_frame() == R"({"topic":"shout","payload":"hi"})");
  CHECK(second->client_frame_in(0) == second->client_frame());
  CHECK(second->client_frame_in(1)
        == R"({"topic":"shout","payload":"hi","offsets":{"rooms/a":2}})");
  // What subscribers get is what history has, and no second copy of it.
  auto kept = read("rooms/a", 1);
  REQUIRE(kept.events.size() == 1);
  CHECK(kept.events[0].frame.data() == second->client_frame_in(1).data());
}

TEST_CASE_METHOD(fixture, "what has no history has no place") {
  CHECK(publish_to({"news"})->places().empty());
  CHECK(publish_to({"other"})->places().empty());
  CHECK(publish_to({"rooms/a/typing"})->places().empty());
  CHECK_FALSE(bus.publish(noted{}));
  run();
  CHECK(heard.back()->get_if<noted>() != nullptr);
  CHECK(heard.back()->places().empty());
  CHECK(read("rooms/a").newest.offset == 0);
}

TEST_CASE_METHOD(fixture, "an event says where it stands, and where asked") {
  auto what = publish_to({"rooms/a", "other", "walls/b", "rooms/a", "rooms/c"});
  REQUIRE(what->places().size() == 3);
  auto frame = [](std::string offsets) {
    return R"({"topic":"shout","payload":"hi","offsets":{)" + offsets + "}}";
  };
  CHECK(what->client_frame_in(0b001) == frame(R"("rooms/a":1)"));
  CHECK(what->client_frame_in(0b010) == frame(R"("walls/b":1)"));
  CHECK(what->client_frame_in(0b101) == frame(R"("rooms/a":1,"rooms/c":1)"));
  CHECK(what->client_frame_in(0b111)
        == frame(R"("rooms/a":1,"walls/b":1,"rooms/c":1)"));
  // Encoded once for all who ask for the same.
  CHECK(what->client_frame_in(0b101).data()
        == what->client_frame_in(0b101).data());
  auto kept = read("walls/b").events;
  REQUIRE(kept.size() == 1);
  REQUIRE(kept[0].elsewhere != nullptr);
  CHECK(kept[0].elsewhere->size() == 3);
}

TEST_CASE_METHOD(fixture, "what is published once more stands there twice") {
  auto what = publish_to({"rooms/a"});
  CHECK_FALSE(bus.deliver(what, nullptr));
  run();
  REQUIRE(heard.size() == 2);
  CHECK(what->places()[0].at.offset == 1);
  CHECK(heard[1]->places()[0].at.offset == 2);
}

TEST_CASE_METHOD(fixture, "what is sent to the group of a channel is kept") {
  auto what = detail::make_event(shouted{{"other"}, "hi"}, {});
  REQUIRE(what);
  caf::scoped_actor self{system};
  self->send(bus.group("rooms/a"), *what);
  // The same as a request, which CAF's own calls do not send to groups.
  bus.group("rooms/a").get()->enqueue(
    caf::actor_cast<caf::strong_actor_ptr>(self->ctrl()),
    self->new_request_id(caf::message_priority::normal),
    caf::make_message(*what), nullptr);
  run();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0]->places()[0].at.offset == 1);
  CHECK(heard[1]->places()[0].at.offset == 2);
}

TEST_CASE_METHOD(fixture, "nobody listens, and it is kept all the same") {
  caf::anon_send_exit(reader, caf::exit_reason::kill);
  run();
  CHECK_FALSE(bus.publish(posted{"a", "1"}));
  CHECK(read("rooms/a").newest.offset == 1);
}

TEST_CASE_METHOD(fixture, "an event is in so many histories and not more") {
  std::vector<std::string> rooms;
  for (std::size_t i = 0; i < event::max_places; ++i)
    rooms.push_back("rooms/" + std::to_string(i));
  CHECK(publish_to(rooms)->places().size() == event::max_places);
  rooms.push_back("rooms/one more");
  test::log_capture log;
  auto why = bus.publish(shouted{rooms, "hi"});
  CHECK(why == errc::internal);
  run();
  CHECK(heard.size() == 1);
  CHECK(log.lines().size() == 1);
}

// -- an engine that answers later ---------------------------------------------

TEST_CASE_METHOD(slow_fixture, "an event is delivered when it is kept") {
  CHECK_FALSE(bus.publish(posted{"a", "1"}));
  CHECK_FALSE(bus.publish(shouted{{"other"}, "plain"}));
  run();
  // What needs no place does not wait.
  REQUIRE(heard.size() == 1);
  late.answer();
  run();
  REQUIRE(heard.size() == 2);
  CHECK(heard[1]->places()[0].at.offset == 1);
}

TEST_CASE_METHOD(slow_fixture, "what cannot be kept is not delivered") {
  test::log_capture log;
  CHECK_FALSE(bus.publish(posted{"a", "1"}));
  CHECK_FALSE(bus.publish(posted{"a", "2"}));
  late.fail();
  late.answer();
  run();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0]->get_if<posted>()->text == "2");
  CHECK(heard[0]->places()[0].at.offset == 1);
  auto lines = log.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].find("keep an event in \"rooms/a\"") != std::string::npos);
}

TEST_CASE_METHOD(slow_fixture, "publish_sync waits for what is kept later") {
  auto made = detail::make_event(posted{"a", "1"}, {});
  REQUIRE(made);
  auto sent = bus.deliver_and_ask(*made, nullptr);
  run();
  CHECK(heard.empty());
  late.answer();
  run();
  auto report = sent.wait(0s);
  CHECK(report.complete());
  CHECK(report.listeners == 1);
  CHECK(heard.size() == 1);
  run();
}

TEST_CASE_METHOD(slow_fixture, "publish_sync reports what was not kept") {
  test::log_capture log;
  auto made = detail::make_event(posted{"a", "1"}, {});
  REQUIRE(made);
  auto sent = bus.deliver_and_ask(*made, nullptr);
  late.fail();
  auto report = sent.wait(1h);
  REQUIRE(report.failures.size() == 1);
  CHECK(report.failures[0].why == errc::unavailable);
  CHECK_FALSE(report.failures[0].listener);
  run();
  CHECK(heard.empty());
}

TEST_CASE_METHOD(slow_fixture, "who gives up does not keep it from others") {
  auto made = detail::make_event(posted{"a", "1"}, {});
  REQUIRE(made);
  auto report = bus.deliver_and_ask(*made, nullptr).wait(0s);
  REQUIRE(report.failures.size() == 1);
  CHECK(report.failures[0].why == errc::timeout);
  late.answer();
  run();
  CHECK(heard.size() == 1);
}

TEST_CASE_METHOD(fixture, "publish_sync of a channel's event") {
  auto made = detail::make_event(posted{"a", "1"}, {});
  REQUIRE(made);
  auto sent = bus.deliver_and_ask(*made, nullptr);
  run();
  auto report = sent.wait(0s);
  CHECK(report.complete());
  CHECK(report.listeners == 1);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0]->places()[0].at.offset == 1);
  run();
}
