// Who may call what: every strategy of the chat under every kind of actor.
#include <future>

#include <flamigo/backend.hpp>

#include "chat_fixture.hpp"

using namespace flamigo::test;
using chat::fixture;
using chat::visitor;

namespace {

constexpr int yes = 200;
/// The gate: who are you?
constexpr int gate = 401;
/// A guard: you may not.
constexpr int guard = 403;

struct row {
  std::string action;
  int guest;
  int user;
  int moderator;
  int backend;
  /// A valid one; TOKEN stands for a token of the actor's own.
  std::string payload;

  std::string name() const {
    return "app::" + action;
  }
};

// clang-format off
const std::vector<row> rows{
  //                 guest user   mod. backend
  {"chat:delete",    gate, guard, yes, guard, R"({"room":"a","id":1})"},
  {"chat:history",   yes,  yes,   yes, yes,   R"({"room":"a"})"},
  {"chat:join",      gate, yes,   yes, guard, R"({"room":"a"})"},
  {"chat:leave",     gate, yes,   yes, guard, "null"},
  {"chat:post",      gate, yes,   yes, guard, R"({"room":"a","text":"x"})"},
  {"chat:whoami",    yes,  yes,   yes, guard, "null"},
  {"websocket:auth", yes,  yes,   yes, guard, R"({"token":"TOKEN"})"},
};
// clang-format on

struct answer {
  std::string topic;
  flamigo::raw_json payload;
};

BOOST_DESCRIBE_STRUCT(answer, (), (topic, payload))

struct problem {
  int status;
};

BOOST_DESCRIBE_STRUCT(problem, (), (status))

/// A room with a message, so that each payload is about something.
struct world : fixture {
  world() {
    visitor ada{*this, "c0", "Ada"};
    ada.ask(call("app::chat:post", R"({"room":"a","text":"hi"})"));
  }

  std::string payload(const row& what, std::string_view name) const {
    auto result = what.payload;
    if (auto i = result.find("TOKEN"); i != result.npos)
      result.replace(i, 5, token(name));
    return result;
  }

  /// What a client that has logged in as `name`, or is a guest, is answered.
  int ask_as(std::string_view name, const row& what) {
    visitor client{*this, "c1", name};
    auto frames = client.ask(
      call(what.name(), payload(what, name.empty() ? "Ada" : name)));
    REQUIRE_FALSE(frames.empty());
    // The events of a call come before its reply.
    auto last = flamigo::from_json<answer>(frames.back());
    REQUIRE(last);
    if (last->topic == what.name())
      return yes;
    auto why = flamigo::from_json<problem>(last->payload.text);
    REQUIRE(why);
    return why->status;
  }

  int ask_as_backend(const row& what) {
    flamigo::backend caller{services, std::chrono::seconds{10}};
    auto later = caller.call_async<flamigo::raw_json>(
      what.name(), flamigo::raw_json{payload(what, "Ada")});
    run();
    auto got = later.get();
    caf::anon_send_exit(caller.handle(), caf::exit_reason::user_shutdown);
    run();
    return got ? yes : flamigo::status_of(got.error());
  }
};

} // namespace

TEST_CASE("the table has every strategy of the chat") {
  fixture f;
  strings registered;
  for (auto& info : f.strategies.list())
    registered.push_back(info.name);
  strings listed;
  for (auto& what : rows)
    listed.push_back(what.name());
  CHECK(registered == listed);
}

TEST_CASE("every strategy answers those it is for, and no others") {
  for (auto& what : rows) {
    CAPTURE(what.action);
    CHECK(world{}.ask_as("", what) == what.guest);
    CHECK(world{}.ask_as("Bob", what) == what.user);
    CHECK(world{}.ask_as("moderator", what) == what.moderator);
    CHECK(world{}.ask_as_backend(what) == what.backend);
  }
}
