#include "flamigo/json/json.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/field_error.hpp"
#include "flamigo/json/detail/bytes_within.hpp"
#include "flamigo/json/detail/tape.hpp"
#include "support/complaint.hpp"

using namespace flamigo;

namespace {

struct circle {
  double radius;

  void validate(std::vector<field_error>& errors) const {
    if (radius < 0)
      errors.push_back({"radius", "must not be negative"});
  }
};

BOOST_DESCRIBE_STRUCT(circle, (), (radius))

struct nowhere {};

BOOST_DESCRIBE_STRUCT(nowhere, (), ())

struct picture {
  bytes data;
  std::optional<int> scale;
};

BOOST_DESCRIBE_STRUCT(picture, (), (data, scale))

using shape = std::variant<circle, nowhere, picture>;

struct group {
  std::vector<shape> shapes;
  shape background = nowhere{};
};

BOOST_DESCRIBE_STRUCT(group, (), (shapes, background))

} // namespace

TEST_CASE("a variant of structs has a type") {
  CHECK(to_json(shape{circle{2}}) == R"({"type":"circle","radius":2})");
  CHECK(to_json(shape{nowhere{}}) == R"({"type":"nowhere"})");
  CHECK(there_and_back<shape>(R"({"scale":null,"data":"AA==","x":[],
                                  "type":"picture"})")
        == R"({"type":"picture","data":"AA=="})");
  CHECK(there_and_back<shape>(R"({"ty\u0070e":"nowh\u0065re"})")
        == R"({"type":"nowhere"})");
  CHECK(type_name<shape>() == "variant<circle, nowhere, picture>");
}

TEST_CASE("what is wrong with a variant is told where it is") {
  CHECK(complaint<shape>("[]") == ": must be an object");
  CHECK(complaint<shape>(R"({"radius":2})") == "type: is required");
  CHECK(complaint<shape>(R"({"type":"circle","type":"circle","radius":1})")
        == "type: stands twice");
  for (auto tag : {"\"square\"", "\"Circle\"", "null", "0"})
    CHECK(complaint<shape>(std::string{R"({"type":)"} + tag + "}")
          == "type: must be one of: circle, nowhere, picture");
  CHECK(complaint<shape>(R"({"type":"circle"})") == "radius: is required");
  CHECK(complaint<group>(R"({"shapes":[{"type":"nowhere"},
                              {"type":"circle","radius":-1},{"type":"x"}]})")
        == "shapes[1].radius: must not be negative\n"
           "shapes[2].type: must be one of: circle, nowhere, picture");
}

TEST_CASE("a variant may have a default") {
  // The first of its structs cannot be told from none.
  auto x = from_json<group>(R"({"shapes":[]})");
  REQUIRE(x);
  CHECK(std::holds_alternative<nowhere>(x->background));
  CHECK(default_members<group>() == R"({"background":{"type":"nowhere"}})");
}

TEST_CASE("a variant is replaced by what is read") {
  shape x = circle{1};
  REQUIRE_FALSE(from_json(R"({"type":"picture","data":""})", x));
  CHECK(std::holds_alternative<picture>(x));
}

TEST_CASE("bytes of a variant are found by its type") {
  auto find = [](std::string_view text) {
    detail::json_tape tape;
    REQUIRE_FALSE(tape.parse(text));
    detail::token_list found;
    detail::finder_of<group>()(tape.root(), found);
    std::string result;
    for (auto* token : found)
      result.append(token->view()).append(";");
    return result;
  };
  CHECK(find(R"({"shapes":[{"type":"picture","data":"a"},{"data":"b"},
                 {"data":"c","type":"circle"},{"data":"d","type":0},
                 {"data":"e","type":"picture"}],
                 "background":{"type":"picture","data":"f"}})")
        == "a;e;f;");
}
