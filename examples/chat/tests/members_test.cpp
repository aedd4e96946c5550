#include "members.hpp"

#include <catch2/catch_test_macros.hpp>

#include <flamigo/error/error.hpp>

using strings = std::vector<std::string>;

TEST_CASE("members stand in the order of arrival, and twice if they are two") {
  chat::members members;
  CHECK_FALSE(*members.put("c2", {"a", "Ada"}));
  CHECK_FALSE(*members.put("c1", {"a", "Bob"}));
  CHECK_FALSE(*members.put("c3", {"a", "Ada"}));
  CHECK(members.names("a") == strings{"Ada", "Bob", "Ada"});
  CHECK(members.names("b").empty());
}

TEST_CASE("a connection is in one room") {
  chat::members members;
  members.put("c1", {"a", "Ada"});
  auto before = members.put("c1", {"b", "Countess"});
  REQUIRE(before);
  REQUIRE(*before);
  CHECK((*before)->room == "a");
  CHECK((*before)->name == "Ada");
  CHECK(members.names("a").empty());
  CHECK(members.names("b") == strings{"Countess"});
}

TEST_CASE("a connection leaves once") {
  chat::members members;
  members.put("c1", {"a", "Ada"});
  members.put("c2", {"a", "Ada"});
  auto was = members.remove("c1");
  REQUIRE(was);
  CHECK(was->room == "a");
  CHECK_FALSE(members.remove("c1"));
  CHECK(members.names("a") == strings{"Ada"});
}

TEST_CASE("a full room refuses, and nobody is moved") {
  chat::members members;
  for (std::size_t i = 0; i < chat::members::max_per_room; ++i)
    REQUIRE(members.put(std::to_string(i), {"a", "x"}));
  members.put("late", {"b", "Ada"});
  CHECK(flamigo::code_of(members.put("late", {"a", "Ada"}).error())
        == "room_full");
  CHECK(members.names("b") == strings{"Ada"});
  // Who is in it already may change the name.
  CHECK(members.put("0", {"a", "y"}));
  CHECK(members.names("a").back() == "y");
}
