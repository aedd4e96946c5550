#include "flamigo/json/raw_json.hpp"

#include <regex>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"

using namespace flamigo;
using namespace std::string_view_literals;

TEST_CASE("raw JSON is null at first") {
  CHECK(raw_json{}.text == "null");
  CHECK(to_json(raw_json{}) == "null");
}

TEST_CASE("any value is kept as it was sent, without the space around it") {
  for (auto text :
       {"null"sv, "true"sv, "false"sv, "-1.50e+1"sv, "2e308"sv, "1e400"sv,
        "0.0e400"sv, "\"a\\u0041\\\"\""sv, "[ 1 , { \"a\" : [ ] } ]"sv, "{}"sv,
        "{\"a\":1,\"a\":2}"sv}) {
    raw_json x;
    REQUIRE_FALSE(from_json(" \n" + std::string{text} + "\t\r", x));
    CHECK(x.text == text);
    CHECK(to_json(x) == text);
    auto nested
      = from_json<std::vector<raw_json>>("[0, " + std::string{text} + " ]");
    REQUIRE(nested);
    CHECK((*nested)[1].text == text);
  }
}

TEST_CASE("raw JSON is JSON") {
  for (auto text : {""sv, "x"sv, "{"sv, "1 2"sv, "\"\xFF\""sv, "\"\\ud800\""sv,
                    "[1]\0"sv}) {
    CHECK_FALSE(is_json(text));
    auto x = from_json<raw_json>(text);
    REQUIRE_FALSE(x);
    CHECK(x.error() == errc::malformed);
  }
  CHECK(is_json(" {} "));
}

TEST_CASE("a number is what JSON's grammar says, and nothing else") {
  // RFC 8259, 6.
  static const std::regex number{
    "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?"};
  constexpr auto letters = "01.e+-"sv;
  std::string text;
  auto check_all = [&](auto& self, std::size_t left) -> void {
    if (is_json("[" + text + ",1]") != std::regex_match(text, number))
      FAIL_CHECK(text);
    if (left == 0)
      return;
    for (auto c : letters) {
      text.push_back(c);
      self(self, left - 1);
      text.pop_back();
    }
  };
  check_all(check_all, 6);
  // The same where they are too large for a double.
  text = "9e999";
  check_all(check_all, 4);
  text = std::string(400, '9');
  check_all(check_all, 5);
}

TEST_CASE("what is written is never empty and never other than UTF-8") {
  CHECK(to_json(raw_json{""}) == "null");
  CHECK(to_json(raw_json{"\"caf\xE9\""}) == "\"caf\xEF\xBF\xBD\"");
  CHECK(to_json(raw_json{"\"a longer text: caf\xC3\xA9 \xF0\x9F\x98\x80\xC3\""})
        == "\"a longer text: caf\xC3\xA9 \xF0\x9F\x98\x80\xEF\xBF\xBD\"");
}

TEST_CASE("raw JSON can be compared") {
  CHECK(raw_json{} == raw_json{"null"});
  CHECK_FALSE(raw_json{"1"} == raw_json{"1.0"});
}
