// Who may call what: every strategy of the chat under every kind of actor.
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <flamigo/error/error.hpp>

#include "chat_app.hpp"

using flamigo::raw_json;
using flamigo::testing::fake_client;

namespace {

using strings = std::vector<std::string>;

constexpr int yes = 200;
/// The gate: who are you?
constexpr int gate = 401;
/// A guard: you may not.
constexpr int guard = 403;
/// It is the program's alone.
constexpr int none = 404;

struct row {
  std::string name;
  int guest;
  int user;
  int moderator;
  int backend;
  /// A valid one.
  raw_json payload;
};

// clang-format off
const std::vector<row> rows{
  //                      guest user   mod. backend
  {"app::chat:delete",    gate, guard, yes, guard, {R"({"room":"a","id":1})"}},
  {"app::chat:enter",     gate, none,  none, guard, {"null"}},
  {"app::chat:history",   yes,  yes,   yes, yes,   {R"({"room":"a"})"}},
  {"app::chat:history",   guard, guard, yes, guard, {R"({"room":"staff"})"}},
  {"app::chat:post",      gate, yes,   yes, guard, {R"({"room":"a","text":"x"})"}},
  {"app::chat:post",      gate, guard, yes, guard, {R"({"room":"staff","text":"x"})"}},
  {"app::chat:whoami",    yes,  yes,   yes, guard, {"null"}},
  {"app::websocket:auth", yes,  yes,   yes, guard, {R"({"token":"Bob"})"}},
  {"app::websocket:cancel", yes, yes,  yes, guard, {R"({"ackId":"9"})"}},
  {"app::websocket:presence", gate, yes, yes, guard, {R"({"topic":"rooms/a"})"}},
  {"app::websocket:presence", gate, guard, yes, guard, {R"({"topic":"rooms/staff"})"}},
  {"app::websocket:subscribe", gate, yes, yes, guard, {R"({"topic":"rooms/a"})"}},
  {"app::websocket:subscribe", gate, guard, yes, guard, {R"({"topic":"rooms/staff"})"}},
  {"app::websocket:unsubscribe", yes, yes, yes, guard, {R"({"topic":"rooms/a"})"}},
};
// clang-format on

/// A room with a message, so that each payload is about something.
struct world : chat::app {
  world() {
    log_in("Ada").call("app::chat:post", chat::post{"a", "hi"});
    add_user(bob({}));
  }

  static flamigo::user bob(strings permissions) {
    return {.id = "2", .name = "Bob", .permissions = std::move(permissions)};
  }
};

void check(fake_client client, const row& what, int status) {
  auto ref = client.send(what.name, what.payload);
  if (status == yes)
    CHECK_NOTHROW(client.expect_reply(ref));
  else
    CHECK_NOTHROW(client.expect_error(ref, status));
}

} // namespace

TEST_CASE("the table has every strategy of the chat") {
  chat::app app;
  app.connect();
  strings registered;
  for (auto& info : app.strategies().list())
    registered.push_back(info.name);
  strings listed;
  for (auto& what : rows)
    if (listed.empty() || listed.back() != what.name)
      listed.push_back(what.name);
  CHECK(registered == listed);
}

TEST_CASE("every strategy answers those it is for, and no others") {
  for (auto& what : rows) {
    CAPTURE(what.name, what.payload.text);
    check(world{}.connect(), what, what.guest);
    check(world{}.connect(world::bob({})), what, what.user);
    check(world{}.connect(world::bob({"chat:moderate"})), what, what.moderator);
    auto answer = world{}.backend().call<raw_json>(what.name, what.payload);
    CHECK((answer ? yes : flamigo::status_of(answer.error())) == what.backend);
  }
}
