#include "domain.hpp"

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include <flamigo/actors/roster.hpp>
#include <flamigo/host.hpp>

#include "support/fake_client.hpp"

using namespace flamigo;

namespace {

using strings = std::vector<std::string>;

std::string call(const std::string& action, const std::string& payload) {
  return R"({"topic":"app::chat:)" + action + R"(","payload":)" + payload
         + R"(,"ackId":1})";
}

std::string replied(const std::string& action, const std::string& payload) {
  return call(action, payload);
}

std::string pushed(const std::string& topic, const std::string& payload) {
  return R"({"topic":"chat:)" + topic + R"(","payload":)" + payload + "}";
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct fixture : test::actor_fixture {
  fixture() : supervisor(host(services, {}, chat::domain)) {
    run();
  }

  ~fixture() {
    caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(watch.handle(), caf::exit_reason::user_shutdown);
    run();
  }

  caf::actor supervisor;
  roster watch{bus};
  client_environment env{services, {}, watch.handle()};
};

/// A connection with an id of its own.
struct visitor {
  visitor(fixture& f, std::string id)
    : fix(f), out(std::make_shared<test::fake_transport>()),
      feed(f.env, &f.unit, out, claims_of(std::move(id))) {
    fix.run();
  }

  ~visitor() {
    feed.closed({close_code::going_away, "window closed"});
    fix.run();
  }

  static std::shared_ptr<claims> claims_of(std::string id) {
    return test::fake_client::make_claims(std::move(id));
  }

  strings say(const std::string& text) {
    feed.message(text);
    fix.run();
    return heard();
  }

  strings heard() {
    return std::exchange(out->sent, {});
  }

  fixture& fix;
  std::shared_ptr<test::fake_transport> out;
  client_feed feed;
};

} // namespace

TEST_CASE("those in a room hear who comes, speaks and goes") {
  fixture f;
  visitor ada{f, "c1"};
  CHECK(ada.say(call("join", R"({"room":"a","name":"Ada"})"))
        == strings{pushed("joined", R"({"room":"a","name":"Ada"})"),
                   replied("join", R"({"members":["Ada"],"messages":[]})")});
  {
    visitor bob{f, "c2"};
    CHECK(contains(bob.say(call("join", R"({"room":"a","name":"Bob"})")).back(),
                   R"("members":["Ada","Bob"])"));
    CHECK(ada.heard()
          == strings{pushed("joined", R"({"room":"a","name":"Bob"})")});
    auto answer
      = bob.say(call("post", R"({"room":"a","author":"Bob","text":"hi"})"));
    // The event comes first, and once.
    REQUIRE(answer.size() == 2);
    CHECK(contains(answer[0], R"("topic":"chat:message")"));
    CHECK(answer[1] == replied("post", R"({"id":1})"));
    CHECK(ada.heard() == strings{answer[0]});
  }
  CHECK(ada.heard() == strings{pushed("left", R"({"room":"a","name":"Bob"})")});
  CHECK(contains(ada.say(call("join", R"({"room":"a","name":"Ada"})")).back(),
                 R"("text":"hi")"));
}

TEST_CASE("whoever joins another room has left the first") {
  fixture f;
  visitor ada{f, "c1"};
  visitor bob{f, "c2"};
  ada.say(call("join", R"({"room":"a","name":"Ada"})"));
  bob.say(call("join", R"({"room":"a","name":"Bob"})"));
  ada.heard();
  bob.say(call("join", R"({"room":"b","name":"Bob"})"));
  CHECK(ada.heard() == strings{pushed("left", R"({"room":"a","name":"Bob"})")});
  ada.say(call("post", R"({"room":"a","author":"Ada","text":"alone"})"));
  CHECK(bob.heard().empty());
}

TEST_CASE("whoever has left a room does not leave it again") {
  fixture f;
  visitor ada{f, "c1"};
  ada.say(call("join", R"({"room":"a","name":"Ada"})"));
  {
    visitor bob{f, "c2"};
    bob.say(call("join", R"({"room":"a","name":"Bob"})"));
    ada.heard();
    CHECK(bob.say(call("leave", "null")) == strings{replied("leave", "null")});
    CHECK(bob.say(call("leave", "null")) == strings{replied("leave", "null")});
  }
  CHECK(ada.heard() == strings{pushed("left", R"({"room":"a","name":"Bob"})")});
}

TEST_CASE("a room that is no segment of a topic is refused") {
  fixture f;
  visitor ada{f, "c1"};
  for (auto room : {"*", "a/b", "", "a b"})
    CHECK(contains(ada
                     .say(call("join", R"({"room":")" + std::string{room}
                                         + R"(","name":"Ada"})"))
                     .back(),
                   R"("field":"room")"));
}
