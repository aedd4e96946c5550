#include "flamigo/json/json.hpp"

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/field_error.hpp"
#include "support/complaint.hpp"
#include "support/json_types.hpp"

namespace {

enum class half {
  left,
  right
};

BOOST_DESCRIBE_ENUM(half, left, right)

struct room_id {
  std::string value;

  void validate(std::vector<flamigo::field_error>& errors) const {
    if (value.empty())
      errors.push_back({"", "must not be empty"});
  }

  friend auto operator<=>(const room_id&, const room_id&) = default;
};

BOOST_DESCRIBE_STRUCT(room_id, (), (value))

struct seat {
  int number;
};

BOOST_DESCRIBE_STRUCT(seat, (), (number))

struct row {
  seat first;
  room_id room{"attic"};
};

BOOST_DESCRIBE_STRUCT(row, (), (first, room))

} // namespace

template <>
inline constexpr bool flamigo::is_strong_typedef<room_id> = true;

template <>
inline constexpr bool flamigo::is_strong_typedef<seat> = true;

using namespace flamigo;

TEST_CASE("a set is an array without anything twice") {
  CHECK(there_and_back<std::set<int>>("[3,1,2]") == "[1,2,3]");
  CHECK(there_and_back<std::set<std::string>>("[]") == "[]");
  CHECK(there_and_back<std::unordered_set<std::string>>(R"(["a"])")
        == R"(["a"])");
  CHECK(complaint<std::set<int>>("{}") == ": must be an array");
  CHECK(complaint<std::set<int>>("[1,2,1.0,1e0]")
        == "[2]: stands twice\n[3]: stands twice");
  CHECK(complaint<std::unordered_set<std::string>>(R"(["a","\u0061"])")
        == "[1]: stands twice");
  // What could not be read is not taken for a zero.
  CHECK(complaint<std::set<int>>("[0,null]") == "[1]: must be an integer");
  CHECK(complaint<std::map<std::string, std::set<half>>>(
          R"({"a":["left","up","left"]})")
        == "a[1]: must be one of: left, right\na[2]: stands twice");
  CHECK(type_name<std::set<int>>() == "set<int32>");
}

TEST_CASE("what is in a set before is replaced") {
  std::set<int> x{7};
  CHECK_FALSE(from_json("[1]", x));
  CHECK(x == std::set{1});
}

TEST_CASE("keys of a map may be names of an enum") {
  using places = std::map<half, int>;
  CHECK(there_and_back<places>(R"({"right":1,"left":2})")
        == R"({"left":2,"right":1})");
  CHECK(there_and_back<std::unordered_map<half, int>>(R"({"l\u0065ft":2})")
        == R"({"left":2})");
  CHECK(complaint<places>("[]") == ": must be an object");
  CHECK(complaint<places>(R"({"up":1,"left":"x","right":1,"right":2})")
        == "up: must be named one of: left, right\n"
           "left: must be an integer\n"
           "right: stands twice");
  CHECK(to_json(places{{half{7}, 1}, {half::left, 2}, {half{8}, 3}})
        == R"({"left":2})");
  CHECK(type_name<places>() == "map<half, int32>");
}

TEST_CASE("keys of a map may be integers, written as we write them") {
  using names = std::map<std::int8_t, std::string>;
  CHECK(there_and_back<names>(R"({"0":"a","-128":"b","127":"c"})")
        == R"({"-128":"b","0":"a","127":"c"})");
  CHECK(complaint<std::map<std::string, names>>(R"({"a":{"1":0}})")
        == "a.1: must be a string");
  for (std::string key : {"128", "-129", "-0", "+1", "01", "1.0", "1e1", "",
                          "-", " 1", "x", "99999999999999999999"})
    CHECK(complaint<names>("{\"" + key + "\":\"\"}")
          == key + ": must be named by an integer between -128 and 127");
  using large = std::map<std::uint64_t, int>;
  CHECK(there_and_back<large>(R"({"18446744073709551615":1})")
        == R"({"18446744073709551615":1})");
  CHECK(complaint<large>(R"({"18446744073709551616":1,"-1":2})")
        == "18446744073709551616: must be named by an integer between 0 and "
           "18446744073709551615\n"
           "-1: must be named by an integer between 0 and "
           "18446744073709551615");
  CHECK(complaint<large>(R"({"7":1,"\u0037":2})") == "7: stands twice");
}

TEST_CASE("a strong typedef is what it is made of") {
  CHECK(to_json(room_id{"attic"}) == R"("attic")");
  CHECK(there_and_back<row>(R"({"first":7,"room":"cellar"})")
        == R"({"first":7,"room":"cellar"})");
  CHECK(complaint<row>(R"({"first":{"number":7},"room":""})")
        == "first: must be an integer\nroom: must not be empty");
  auto x = from_json<row>(R"({"first":7})");
  REQUIRE(x);
  CHECK(x->room == room_id{"attic"});
  CHECK(type_name<room_id>() == "room_id");
}

TEST_CASE("a strong typedef may be a key") {
  using rooms = std::map<room_id, std::set<room_id>>;
  CHECK(there_and_back<rooms>(R"({"attic":["a","b"]})")
        == R"({"attic":["a","b"]})");
  CHECK(complaint<rooms>(R"({"":[],"a":["","x","x"]})")
        == ": must not be empty\n"
           "a[0]: must not be empty\n"
           "a[2]: stands twice");
}
