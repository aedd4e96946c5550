#include "rooms.hpp"

#include <catch2/catch_test_macros.hpp>

#include <flamigo/error/error.hpp>

namespace {

chat::post say(std::string room, std::string text) {
  return {std::move(room), std::move(text)};
}

} // namespace

TEST_CASE("a room numbers its messages and keeps their order") {
  chat::rooms rooms;
  CHECK(rooms.add(say("a", "one"), "Ada", 1)->id == 1);
  CHECK(rooms.add(say("b", "other"), "Bob", 2)->id == 1);
  CHECK(rooms.add(say("a", "two"), "Bob", 3)->id == 2);
  auto history = rooms.latest({"a", {}});
  REQUIRE(history.messages.size() == 2);
  CHECK(history.messages[0].text == "one");
  CHECK(history.messages[0].author == "Ada");
  CHECK(history.messages[1].time == 3);
  CHECK(rooms.latest({"c", {}}).messages.empty());
}

TEST_CASE("a history is bounded and may be asked for in part") {
  chat::rooms rooms;
  for (std::size_t i = 0; i < chat::rooms::max_history + 5; ++i)
    rooms.add(say("a", "x"), "Ada", 0);
  auto all = rooms.latest({"a", {}});
  CHECK(all.messages.size() == chat::rooms::max_history);
  CHECK(all.messages.front().id == 6);
  CHECK(rooms.latest({"a", 2}).messages.front().id == 104);
  CHECK(rooms.latest({"a", 0}).messages.empty());
}

TEST_CASE("one room too many is refused") {
  chat::rooms rooms;
  for (std::size_t i = 0; i < chat::rooms::max_rooms; ++i)
    REQUIRE(rooms.add(say(std::to_string(i), "x"), "Ada", 0));
  CHECK(flamigo::code_of(rooms.add(say("more", "x"), "Ada", 0).error())
        == "too_many_rooms");
  CHECK(rooms.add(say("0", "x"), "Ada", 0));
}

TEST_CASE("a message that is removed leaves its number behind") {
  chat::rooms rooms;
  CHECK(flamigo::code_of(rooms.remove({"a", 1})) == "unknown_room");
  for (auto text : {"one", "two", "three"})
    rooms.add(say("a", text), "Ada", 0);
  CHECK_FALSE(rooms.remove({"a", 2}));
  CHECK(flamigo::code_of(rooms.remove({"a", 2})) == "unknown_message");
  CHECK_FALSE(rooms.remove({"a", 3}));
  CHECK(flamigo::code_of(rooms.remove({"a", 4})) == "unknown_message");
  auto left = rooms.latest({"a", {}});
  REQUIRE(left.messages.size() == 1);
  CHECK(left.messages[0].text == "one");
  CHECK(rooms.add(say("a", "four"), "Ada", 0)->id == 4);
  // An empty room is still a room.
  CHECK_FALSE(rooms.remove({"a", 1}));
  CHECK_FALSE(rooms.remove({"a", 4}));
  CHECK(rooms.latest({"a", {}}).messages.empty());
}

TEST_CASE("rooms that are shared number their messages apart") {
  chat::rooms one{1};
  chat::rooms two{2};
  auto first = *one.add(say("a", "one"), "Ada", 1);
  two.learn("a", first);
  two.learn("a", first);
  auto second = *two.add(say("a", "two"), "Bob", 2);
  auto third = *one.add(say("a", "three"), "Ada", 3);
  CHECK(first.id < second.id);
  CHECK(second.id != third.id);
  CHECK(third.id < 1u << 22);
  // Each in its place, whenever it comes.
  one.learn("a", second);
  two.learn("a", third);
  for (auto* x : {&one, &two}) {
    auto all = x->latest({"a", {}}).messages;
    REQUIRE(all.size() == 3);
    CHECK(all[0].text == "one");
    CHECK(all[1].id < all[2].id);
  }
}

TEST_CASE("what is learnt is bounded as well") {
  chat::rooms uut{1};
  for (std::uint64_t i = 0; i < chat::rooms::max_history + 5; ++i)
    uut.learn("a", {i << chat::rooms::node_bits, "Ada", "x", 0});
  CHECK(uut.latest({"a", {}}).messages.size() == chat::rooms::max_history);
  for (std::size_t i = 0; i < chat::rooms::max_rooms; ++i)
    uut.learn(std::to_string(i), {1, "Ada", "x", 0});
  CHECK_FALSE(uut.add(say("more", "x"), "Ada", 0));
}

TEST_CASE("a post says everything that is wrong with it") {
  std::vector<flamigo::field_error> errors;
  chat::post{"a/b", std::string(2001, 'x')}.validate(errors);
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].field == "room");
  CHECK(errors[1].error == "must not be longer than 2000 bytes");
  errors.clear();
  chat::post{"a", " "}.validate(errors);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].error == "must not be empty");
}
