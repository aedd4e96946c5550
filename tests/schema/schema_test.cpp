#include "flamigo/schema/schema.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/described/description.hpp"
#include "flamigo/schema/detail/integer_pattern.hpp"
#include "support/json_types.hpp"

namespace talk {

enum class order {
  ascending,
  descending
};

BOOST_DESCRIBE_ENUM(order, ascending, descending)

struct query {
  std::string room;
  int limit = 20;
  order by = order::descending;
  std::optional<std::string> text;
};

BOOST_DESCRIBE_STRUCT(query, (), (room, limit, by, text))

struct room_query : query {
  bool deep;
};

BOOST_DESCRIBE_STRUCT(room_query, (query), (deep))

/// Without anything that could be missing.
struct point {
  int x;
  float y;
};

BOOST_DESCRIBE_STRUCT(point, (), (x, y))

namespace inner {

struct point {
  talk::point at;
};

BOOST_DESCRIBE_STRUCT(point, (), (at))

} // namespace inner

template <class T, class U>
struct both {
  T first;
  U second;

  BOOST_DESCRIBE_CLASS(both, (), (first, second), (), ())
};

struct folder {
  std::vector<folder> folders;
  std::map<std::string, folder> named;
};

BOOST_DESCRIBE_STRUCT(folder, (), (folders, named))

struct room_id {
  std::string value;

  friend auto operator<=>(const room_id&, const room_id&) = default;
};

BOOST_DESCRIBE_STRUCT(room_id, (), (value))

struct joined {
  room_id room;
  std::optional<std::chrono::seconds> since;
};

BOOST_DESCRIBE_STRUCT(joined, (), (room, since))

struct left {};

BOOST_DESCRIBE_STRUCT(left, (), ())

struct thread {
  std::string text;
  std::unique_ptr<thread> answer;
};

BOOST_DESCRIBE_STRUCT(thread, (), (text, answer))

struct pause {
  std::chrono::milliseconds time;
};

BOOST_DESCRIBE_STRUCT(pause, (), (time))

} // namespace talk

template <>
inline constexpr bool flamigo::is_strong_typedef<talk::room_id> = true;

template <>
inline constexpr auto flamigo::describe<talk::room_id> = flamigo::description{
  "The name of a room."};

template <>
inline constexpr auto flamigo::describe<talk::pause> = flamigo::description{
  "",
  {{"time", "How long."}}};

template <>
inline constexpr auto flamigo::describe<talk::query> = flamigo::description{
  "What is looked for.",
  {{"limit", "How many \"lines\"."}, {"by", "Which come first."}}};

template <>
inline constexpr auto
  flamigo::describe<talk::room_query> = flamigo::description{
    "",
    {{"deep", "In rooms of rooms, too."}}};

template <>
inline constexpr auto flamigo::describe<talk::order> = flamigo::description{
  "An order.",
  {{"ascending", "The oldest first."}}};

template <>
inline constexpr auto flamigo::describe<talk::point> = flamigo::description{
  "A point."};

using namespace flamigo;

namespace {

struct hidden {
  int x;
};

BOOST_DESCRIBE_STRUCT(hidden, (), (x))

namespace other {

struct hidden {
  bool y;
};

BOOST_DESCRIBE_STRUCT(hidden, (), (y))

} // namespace other

template <class T>
std::string input() {
  schema_set in;
  return in.input<T>();
}

template <class T>
std::string definitions_of_input() {
  schema_set in;
  in.input<T>();
  return in.definitions();
}

template <class T>
std::string definitions_of_output() {
  schema_set in;
  in.output<T>();
  return in.definitions();
}

} // namespace

TEST_CASE("what has no name is written where it is") {
  CHECK(input<bool>() == R"({"type":"boolean"})");
  CHECK(input<std::int8_t>()
        == R"({"type":"integer","minimum":-128,"maximum":127})");
  CHECK(input<std::uint64_t>()
        == R"({"type":"integer","minimum":0,"maximum":18446744073709551615})");
  CHECK(input<long long>()
        == R"({"type":"integer","minimum":-9223372036854775808,)"
           R"("maximum":9223372036854775807})");
  CHECK(input<double>() == R"({"type":"number"})");
  CHECK(input<std::string>() == R"({"type":"string"})");
  CHECK(input<raw_json>() == "{}");
  CHECK(input<std::vector<bool>>()
        == R"({"type":"array","items":{"type":"boolean"}})");
  CHECK(input<std::array<bool, 3>>()
        == R"({"type":"array","items":{"type":"boolean"},"minItems":3,)"
           R"("maxItems":3})");
  CHECK(input<std::pair<bool, std::string>>()
        == R"({"type":"array","prefixItems":[{"type":"boolean"},)"
           R"({"type":"string"}],"items":false,"minItems":2})");
  CHECK(input<std::map<std::string, bool>>()
        == R"({"type":"object","additionalProperties":{"type":"boolean"}})");
  CHECK(input<bytes>().starts_with(
    R"({"type":"string","contentEncoding":"base64","pattern":"^)"));
  schema_set out;
  CHECK(out.output<const char*>() == R"({"type":"string"})");
  CHECK(out.output<std::string_view>() == R"({"type":"string"})");
}

TEST_CASE("times and durations have a format or a title") {
  CHECK(input<std::chrono::sys_days>()
        == R"({"type":"string","format":"date"})");
  CHECK(input<std::chrono::sys_seconds>().starts_with(
    R"({"type":"string","format":"date-time","pattern":"^)"));
  CHECK(input<std::chrono::seconds>()
        == R"({"title":"milliseconds","type":"integer",)"
           R"("minimum":-9223372036854775000,)"
           R"("maximum":9223372036854775000,"multipleOf":1000})");
  CHECK(input<std::chrono::milliseconds>()
        == R"({"title":"milliseconds","type":"integer",)"
           R"("minimum":-9223372036854775808,)"
           R"("maximum":9223372036854775807})");
  CHECK(input<std::chrono::nanoseconds>()
        == R"({"title":"milliseconds","type":"number",)"
           R"("minimum":-9223372036854,"maximum":9223372036854})");
  CHECK(input<std::chrono::duration<double>>()
        == R"({"title":"milliseconds","type":"number"})");
  CHECK(definitions_of_input<talk::pause>().find(
          R"("maximum":9223372036854775807,"description":"How long."})")
        != std::string::npos);
}

TEST_CASE("sets and maps say what may be in them") {
  CHECK(input<std::set<bool>>()
        == R"({"type":"array","uniqueItems":true,)"
           R"("items":{"type":"boolean"}})");
  CHECK(input<std::map<talk::order, bool>>()
        == R"({"type":"object","propertyNames":)"
           R"({"$ref":"#/$defs/talk.order"},)"
           R"("additionalProperties":{"type":"boolean"}})");
  CHECK(input<std::map<std::int8_t, bool>>()
        == R"({"type":"object","propertyNames":{"pattern":)"
           R"("^(0|[1-9][0-9]{0,1}|1[0-1][0-9]{1}|12[0-6]|127)"
           R"(|-([1-9][0-9]{0,1}|1[0-1][0-9]{1}|12[0-7]|128))$"},)"
           R"("additionalProperties":{"type":"boolean"}})");
  CHECK(input<std::map<talk::room_id, bool>>()
        == R"({"type":"object","additionalProperties":{"type":"boolean"}})");
}

TEST_CASE("a pattern of integers has those and no others") {
  auto check = [](int min, int max) {
    std::regex pattern{
      detail::integer_pattern(min, static_cast<std::uint64_t>(max))};
    for (int i = -1'300; i <= 1'300; ++i) {
      INFO(i << " in " << min << " to " << max);
      CHECK(std::regex_match(std::to_string(i), pattern)
            == (i >= min && i <= max));
    }
    for (auto text : {"", "-", "-0", "00", "01", "+1", "1 ", "1.0"})
      CHECK_FALSE(std::regex_match(text, pattern));
  };
  check(0, 255);
  check(-128, 127);
  check(-1'000, 1'000);
  check(-9, 9);
  check(-110, 909);
}

TEST_CASE("a variant is one of its structs and says which") {
  CHECK(input<std::variant<talk::joined, talk::left>>()
        == R"({"type":"object",)"
           R"("discriminator":{"propertyName":"type"},"oneOf":[)"
           R"({"$ref":"#/$defs/talk.joined.input","type":"object",)"
           R"("properties":{"type":{"const":"joined"}},"required":["type"]},)"
           R"({"$ref":"#/$defs/talk.left","type":"object",)"
           R"("properties":{"type":{"const":"left"}},"required":["type"]}]})");
}

TEST_CASE("a strong typedef is defined as what it is made of") {
  auto text = definitions_of_output<talk::joined>();
  CHECK(
    text.starts_with(R"({"talk.joined":{"type":"object","properties":{)"
                     R"("room":{"$ref":"#/$defs/talk.room_id"},)"
                     R"("since":{"title":"milliseconds","type":"integer")"));
  CHECK(text.ends_with(R"("required":["room"]},)"
                       R"("talk.room_id":{"type":"string",)"
                       R"("description":"The name of a room."}})"));
}

TEST_CASE("a struct may point to itself in its schema") {
  CHECK(definitions_of_input<talk::thread>()
        == R"({"talk.thread.input":{"type":"object","properties":{)"
           R"("text":{"type":"string"},"answer":{"anyOf":[)"
           R"({"$ref":"#/$defs/talk.thread.input"},{"type":"null"}]}},)"
           R"("required":["text"]}})");
  CHECK(definitions_of_output<talk::thread>()
        == R"({"talk.thread":{"type":"object","properties":{)"
           R"("text":{"type":"string"},)"
           R"("answer":{"$ref":"#/$defs/talk.thread"}},)"
           R"("required":["text"]}})");
}

TEST_CASE("what may be null takes it once") {
  auto maybe = R"({"anyOf":[{"type":"boolean"},{"type":"null"}]})";
  CHECK(input<std::optional<bool>>() == maybe);
  CHECK(input<std::optional<std::optional<bool>>>() == maybe);
  CHECK(input<std::optional<raw_json>>() == "{}");
}

TEST_CASE("a struct is defined once and referred to") {
  schema_set set;
  CHECK(set.input<talk::point>() == R"({"$ref":"#/$defs/talk.point"})");
  CHECK(set.output<std::vector<talk::point>>()
        == R"({"type":"array","items":{"$ref":"#/$defs/talk.point"}})");
  CHECK(set.size() == 1);
  CHECK(set.definitions()
        == R"({"talk.point":{"type":"object","properties":{)"
           R"("x":{"type":"integer","minimum":-2147483648,)"
           R"("maximum":2147483647},"y":{"type":"number",)"
           R"("exclusiveMinimum":-3.4028235677973366e38,)"
           R"("exclusiveMaximum":3.4028235677973366e38}},)"
           R"("required":["x","y"],"description":"A point."}})");
}

TEST_CASE("a reference is written for the document that it stands in") {
  schema_set set{"#/components/schemas/"};
  CHECK(set.input<talk::point>()
        == R"({"$ref":"#/components/schemas/talk.point"})");
}

TEST_CASE("what is taken may leave out more than what is given") {
  auto text = definitions_of_input<talk::query>();
  CHECK(text
        == R"({"talk.order":{"type":"string",)"
           R"("enum":["ascending","descending"],"description":)"
           R"("An order.\n- `ascending`: The oldest first."},)"
           R"("talk.query.input":{"type":"object","properties":{)"
           R"("room":{"type":"string"},)"
           R"("limit":{"type":"integer","minimum":-2147483648,)"
           R"("maximum":2147483647,"default":20,)"
           R"("description":"How many \"lines\"."},)"
           R"("by":{"$ref":"#/$defs/talk.order","default":"descending",)"
           R"("description":"Which come first."},)"
           R"("text":{"anyOf":[{"type":"string"},{"type":"null"}]}},)"
           R"("required":["room"],"description":"What is looked for."}})");
  auto given = definitions_of_output<talk::query>();
  CHECK(given.find(R"("text":{"type":"string"}},)"
                   R"("required":["room","limit","by"])")
        != std::string::npos);
  CHECK(given.find("talk.query.input") == std::string::npos);
}

TEST_CASE("members of a base are told of by the base") {
  auto text = definitions_of_input<talk::room_query>();
  CHECK(text.find("How many") != std::string::npos);
  CHECK(text.find(R"("deep":{"type":"boolean",)"
                  R"("description":"In rooms of rooms, too."})")
        != std::string::npos);
}

TEST_CASE("rules that no schema tells are not kept secret") {
  CHECK(definitions_of_input<shop::span>().find(R"("$comment":"has rules)")
        != std::string::npos);
}

TEST_CASE("a struct can contain itself in its schema") {
  CHECK(definitions_of_input<talk::folder>()
        == R"({"talk.folder":{"type":"object","properties":{)"
           R"("folders":{"type":"array",)"
           R"("items":{"$ref":"#/$defs/talk.folder"}},)"
           R"("named":{"type":"object","additionalProperties":)"
           R"({"$ref":"#/$defs/talk.folder"}}},)"
           R"("required":["folders","named"]}})");
}

TEST_CASE("no two types share a name") {
  schema_set set;
  CHECK(set.input<talk::inner::point>()
        == R"({"$ref":"#/$defs/talk.inner.point"})");
  CHECK(set.input<talk::both<talk::point, std::string>>()
        == R"({"$ref":"#/$defs/talk.both-talk.point-string"})");
  CHECK(set.input<talk::both<int, std::vector<talk::inner::point>>>()
        == R"({"$ref":"#/$defs/talk.both-int32-vector-point"})");
  CHECK(set.input<shop::page<shop::article>>()
        == R"({"$ref":"#/$defs/shop.page-shop.article.input"})");
  CHECK(set.input<hidden>() == R"({"$ref":"#/$defs/hidden"})");
  CHECK(set.input<other::hidden>() == R"({"$ref":"#/$defs/other.hidden"})");
  CHECK(set.input<hidden>() == R"({"$ref":"#/$defs/hidden"})");
}

TEST_CASE("a document has its definitions with it") {
  CHECK(schema_of<bool>()
        == R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
           R"("type":"boolean"})");
  CHECK(schema_of<raw_json>()
        == R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})");
  auto text = schema_document(output_schema<talk::inner::point>);
  CHECK(text.starts_with(
    R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)"
    R"("$ref":"#/$defs/talk.inner.point","$defs":{"talk.inner.point":)"));
  CHECK(is_json(text));
}
