#include <limits>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "support/json_types.hpp"

using namespace flamigo;

TEST_CASE("scalars are written") {
  CHECK(to_json(true) == "true");
  CHECK(to_json(false) == "false");
  CHECK(to_json(-12) == "-12");
  CHECK(to_json(std::uint8_t{255}) == "255");
  CHECK(to_json(std::int8_t{-128}) == "-128");
  CHECK(to_json(std::numeric_limits<std::uint64_t>::max())
        == "18446744073709551615");
  CHECK(to_json(std::numeric_limits<std::int64_t>::min())
        == "-9223372036854775808");
  CHECK(to_json(std::string{"hi"}) == "\"hi\"");
  CHECK(to_json(std::string_view{"hi"}) == "\"hi\"");
  CHECK(to_json(shop::color::green) == "\"green\"");
}

TEST_CASE("real numbers are written so that they read back the same") {
  CHECK(to_json(0.1) == "0.1");
  CHECK(to_json(0.1f) == "0.1");
  CHECK(to_json(5.0) == "5");
  CHECK(to_json(-0.0) == "-0");
  CHECK(to_json(1e300) == "1e+300");
  for (auto x : {1.0 / 3, 5e-324, 1.7976931348623157e308, -123456.789, 1e22}) {
    CHECK(is_json(to_json(x)));
    CHECK(from_json<double>(to_json(x)) == x);
  }
  using limits = std::numeric_limits<double>;
  CHECK(to_json(limits::quiet_NaN()) == "null");
  CHECK(to_json(limits::infinity()) == "null");
  CHECK(to_json(-std::numeric_limits<float>::infinity()) == "null");
}

TEST_CASE("what JSON cannot say as it is gets escaped") {
  std::string controls;
  for (char c = 0; c < 0x20; ++c)
    controls += c;
  CHECK(to_json(controls)
        == R"("\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b)"
           R"(\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016)"
           R"(\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f")");
  CHECK(to_json(std::string{"\"\\/\x7F"}) == "\"\\\"\\\\/\x7F\"");
  auto text = controls + "\"\\ caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80";
  CHECK(from_json<std::string>(to_json(text)) == text);
}

TEST_CASE("literals and views are written as texts") {
  CHECK(to_json("say \"hi\"") == R"("say \"hi\"")");
  CHECK(to_json("") == R"("")");
  const char* pointer = "tea";
  CHECK(to_json(pointer) == R"("tea")");
  pointer = nullptr;
  CHECK(to_json(pointer) == "null");
  const char array[8] = {'t', 'e', 'a'};
  CHECK(to_json(array) == R"("tea")");
  // There would be nobody to own what is read.
  STATIC_CHECK_FALSE(json_readable<const char*>);
  STATIC_CHECK_FALSE(json_readable<char[8]>);
}

TEST_CASE("UTF-8 passes, bytes that are none become U+FFFD") {
  auto written = [](std::string_view text) {
    auto result = to_json(text);
    CHECK(is_json(result));
    return result.substr(1, result.size() - 2);
  };
  for (auto text :
       {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    CHECK(written(text) == text);
  CHECK(written("caf\xE9!") == "caf\xEF\xBF\xBD!");
  CHECK(written("\x80") == "\xEF\xBF\xBD");
  CHECK(written("\xC0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(written("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(written("\xE2\x82\"") == "\xEF\xBF\xBD\xEF\xBF\xBD\\\"");
  // Half of a surrogate pair, and a code point that is too large.
  CHECK(written("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(written("\xF4\x90\x80\x80")
        == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("every byte is written right wherever it stands") {
  // Long texts are scanned in blocks of 16 and of 8.
  for (std::size_t size : {1u, 7u, 8u, 15u, 16u, 17u, 33u, 50u}) {
    for (std::size_t at = 0; at < size; ++at) {
      for (auto c = 0; c < 256; ++c) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(c);
        std::string special;
        if (c == '"' || c == '\\')
          special = {'\\', static_cast<char>(c)};
        else if (c >= 0x80)
          special = "\xEF\xBF\xBD";
        else if (c >= 0x20)
          special = {static_cast<char>(c)};
        else
          special
            = to_json(std::string(1, static_cast<char>(c)))
                .substr(
                  1, c == 8 || c == 9 || c == 10 || c == 12 || c == 13 ? 2 : 6);
        auto expected = "\"" + text.substr(0, at) + special
                        + text.substr(at + 1) + "\"";
        if (to_json(text) != expected)
          FAIL("byte " << c << " at " << at << " of " << size);
      }
    }
  }
}

TEST_CASE("structs, lists and maps are written") {
  CHECK(to_json(shop::nothing{}) == "{}");
  shop::item x;
  x.id = "a\"b";
  x.price = 2.5;
  CHECK(to_json(x) == R"({"id":"a\"b","price":2.5})");
  x.paint = shop::color::red;
  CHECK(to_json(x) == R"({"id":"a\"b","price":2.5,"paint":"red"})");
  CHECK(to_json(std::vector<shop::nothing>(2)) == "[{},{}]");
  CHECK(to_json(std::vector<int>{}) == "[]");
  CHECK(to_json(std::map<std::string, int>{{"a", 1}, {"\n", 2}})
        == R"({"\n":2,"a":1})");
  CHECK(to_json(std::vector<std::optional<int>>{1, {}}) == "[1,null]");
  CHECK(to_json(std::optional<int>{}) == "null");
  CHECK(to_json(shop::page<int>{{1, 2}, {}}) == R"({"entries":[1,2]})");
  CHECK(to_json(static_cast<shop::color>(7)) == "null");
}

TEST_CASE("a struct is read back as it was written") {
  constexpr std::string_view texts[] = {
    R"({"count":3,"items":[{"id":"x","price":1.5,"paint":"red"}],)"
    R"("tags":{"a":-1},"note":[1,{}],"when":{"from":1,"to":2}})",
    R"({"count":0,"items":[{"id":"","price":0}],"tags":{},"note":null})",
  };
  for (auto text : texts) {
    auto x = from_json<shop::order>(text);
    REQUIRE(x);
    CHECK(to_json(*x) == text);
  }
  constexpr std::string_view text
    = R"({"flag":true,"ratio":0.5,"pair":[1,2],"entry":["a",9],)"
      R"("bits":[true,false],"lists":{"x":["red"]},"extra":{"a":1}})";
  auto x = from_json<shop::sampler>(text);
  REQUIRE(x);
  CHECK(to_json(*x) == text);
}

TEST_CASE("JSON is appended") {
  std::string out = "x=";
  append_json(out, shop::nothing{});
  append_json(out, 1);
  CHECK(out == "x={}1");
}

TEST_CASE("types have short names") {
  CHECK(type_name<bool>() == "bool");
  CHECK(type_name<std::uint8_t>() == "uint8");
  CHECK(type_name<long long>() == "int64");
  CHECK(type_name<double>() == "double");
  CHECK(type_name<float>() == "float");
  CHECK(type_name<std::string>() == "string");
  CHECK(type_name<raw_json>() == "json");
  CHECK(type_name<shop::color>() == "color");
  CHECK(type_name<shop::order>() == "order");
  CHECK(type_name<std::vector<shop::order>>() == "vector<order>");
  CHECK(type_name<std::optional<int>>() == "optional<int32>");
  CHECK(type_name<std::map<std::string, shop::item>>() == "map<string, item>");
  CHECK(type_name<std::array<bool, 3>>() == "array<bool, 3>");
  CHECK(type_name<std::pair<int, std::string>>() == "pair<int32, string>");
  CHECK(type_name<shop::page<shop::item>>().starts_with("page<"));
}

TEST_CASE("the concepts tell what takes part") {
  STATIC_CHECK(described_struct<shop::order>);
  STATIC_CHECK(described_struct<shop::page<int>>);
  STATIC_CHECK(described_enum<shop::color>);
  STATIC_CHECK_FALSE(described_struct<shop::stranger>);
  STATIC_CHECK_FALSE(described_enum<errc>);
  STATIC_CHECK(json_readable<shop::tree>);
  STATIC_CHECK(json_writable<std::map<std::string, std::vector<shop::tree>>>);
  STATIC_CHECK(json_writable<std::string_view>);
  STATIC_CHECK_FALSE(json_readable<std::string_view>);
  STATIC_CHECK_FALSE(json_readable<std::vector<std::string_view>>);
  STATIC_CHECK_FALSE(json_readable<shop::stranger>);
  STATIC_CHECK_FALSE(json_writable<std::vector<shop::stranger>>);
  STATIC_CHECK_FALSE(json_writable<std::map<double, int>>);
  STATIC_CHECK_FALSE(json_writable<char>);
  STATIC_CHECK_FALSE(json_writable<const int*>);
}
