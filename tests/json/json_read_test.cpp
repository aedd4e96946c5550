#include "flamigo/json/json.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "support/complaint.hpp"
#include "support/json_types.hpp"

using namespace flamigo;

namespace {

template <class T>
T read(std::string_view text) {
  INFO(text);
  T result{};
  auto err = from_json(text, result);
  INFO(trace_of(err));
  REQUIRE_FALSE(err);
  return result;
}

} // namespace

TEST_CASE("scalars are read") {
  CHECK(read<bool>("true"));
  CHECK_FALSE(read<bool>(" false "));
  CHECK(read<int>("-12") == -12);
  CHECK(read<unsigned>("12") == 12);
  CHECK(read<double>("-1.5e3") == -1500.0);
  CHECK(read<double>("7") == 7.0);
  CHECK(read<float>("0.25") == 0.25f);
  CHECK(read<std::string>(R"("hi")") == "hi");
  CHECK(read<std::string>(R"("")").empty());
  CHECK(read<shop::color>(R"("green")") == shop::color::green);
  CHECK(read<shop::color>(R"("gr\u0065en")") == shop::color::green);
}

TEST_CASE("a wrong type is named") {
  for (auto text : {"null", "0", "\"true\"", "[]", "{}"})
    CHECK(complaint<bool>(text) == ": must be true or false");
  for (auto text :
       {"null", "true", "\"1\"", "[1]", "{}", "1.5", "1e-2", "-0.5"}) {
    CHECK(complaint<int>(text) == ": must be an integer");
    CHECK(complaint<std::uint8_t>(text) == ": must be an integer");
  }
  for (auto text : {"null", "true", "\"1\"", "[1]", "{}"})
    CHECK(complaint<double>(text) == ": must be a number");
  for (auto text : {"null", "true", "1", "[\"\"]", "{}"})
    CHECK(complaint<std::string>(text) == ": must be a string");
  for (auto text :
       {"null", "0", "\"blue\"", "\"Red\"", "\"red \"", "[\"red\"]"})
    CHECK(complaint<shop::color>(text) == ": must be one of: red, green");
  for (auto text : {"null", "0", "\"\"", "{}"})
    CHECK(complaint<std::vector<int>>(text) == ": must be an array");
  for (auto text : {"null", "0", "\"\"", "[]"}) {
    CHECK(complaint<std::map<std::string, int>>(text) == ": must be an object");
    CHECK(complaint<shop::nothing>(text) == ": must be an object");
  }
}

TEST_CASE("an integer may be written as any number") {
  CHECK(read<int>("1.0") == 1);
  CHECK(read<int>("1E2") == 100);
  CHECK(read<int>("-100.00e-2") == -1);
  CHECK(read<int>("12.5e+1") == 125);
  CHECK(read<int>("-0.0") == 0);
  CHECK(read<int>("0e9") == 0);
  CHECK(read<int>("1000e-3") == 1);
  CHECK(read<std::uint8_t>("2.55e2") == 255);
  CHECK(read<std::uint64_t>("1844674407370955161.5e1")
        == 18'446'744'073'709'551'615u);
  CHECK(read<std::int64_t>("-9223372036854775808.0")
        == std::numeric_limits<std::int64_t>::min());
  for (auto text : {"1.5", "1e-1", "125e-1", "0.1e0", "1e-300"}) {
    INFO(text);
    CHECK(complaint<int>(text) == ": must be an integer");
    CHECK(complaint<std::uint64_t>(text) == ": must be an integer");
  }
  for (auto text : {"1e3", "2.56e2", "-1.0", "1e300"}) {
    INFO(text);
    CHECK(complaint<std::uint8_t>(text) == ": must be between 0 and 255");
  }
  CHECK(complaint<std::uint64_t>("1e20")
        == ": must be between 0 and 18446744073709551615");
}

TEST_CASE("no exponent is so large that a number becomes another one") {
  std::string zeros(40, '0');
  for (std::string far : {"400", "99999999999999999999", "9223372036854775807",
                          "18446744073709551617"}) {
    INFO(far);
    for (auto& text : {"1e" + far, "1.5E+" + far, "0." + zeros + "1e" + far}) {
      CHECK(complaint<std::uint8_t>(text) == ": must be between 0 and 255");
      CHECK(complaint<std::int8_t>("-" + text)
            == ": must be between -128 and 127");
      CHECK(complaint<double>(text)
            == ": must be between -1.7976931348623157e+308 and "
               "1.7976931348623157e+308");
    }
    for (auto& text : {"1e-" + far, "1.5E-" + far, "1" + zeros + "e-" + far,
                       "0.01e-" + far}) {
      CHECK(complaint<std::uint8_t>(text) == ": must be an integer");
      CHECK(read<double>(text) == 0.0);
    }
    for (auto& text : {"0e" + far, "-0.0e" + far, "0.0E-" + far}) {
      CHECK(read<std::uint8_t>(text) == 0);
      CHECK(read<double>(text) == 0.0);
    }
  }
  CHECK(read<int>("0." + zeros + "1e41") == 1);
  CHECK(read<int>("1" + zeros + "e-40") == 1);
}

TEST_CASE("integers are read up to their limits and no further") {
  CHECK(read<std::uint8_t>("255") == 255);
  CHECK(read<std::uint8_t>("-0") == 0);
  CHECK(read<std::int8_t>("-128") == -128);
  CHECK(read<std::int64_t>("-9223372036854775808")
        == std::numeric_limits<std::int64_t>::min());
  CHECK(read<std::uint64_t>("18446744073709551615")
        == std::numeric_limits<std::uint64_t>::max());
  for (auto text : {"256", "-1", "99999999999999999999999"})
    CHECK(complaint<std::uint8_t>(text) == ": must be between 0 and 255");
  for (auto text : {"128", "-129", "-99999999999999999999999"})
    CHECK(complaint<std::int8_t>(text) == ": must be between -128 and 127");
  CHECK(complaint<std::uint64_t>("18446744073709551616")
        == ": must be between 0 and 18446744073709551615");
  CHECK(complaint<long long>("9223372036854775808")
        == ": must be between -9223372036854775808 and 9223372036854775807");
}

TEST_CASE("real numbers are exact, tiny ones become zero") {
  CHECK(read<double>("0.1") == 0.1);
  CHECK(read<double>("123456789012345678901234567890")
        == 1.2345678901234568e29);
  CHECK(read<double>("5e-324") == std::numeric_limits<double>::denorm_min());
  CHECK(read<double>("1.7976931348623157e308")
        == std::numeric_limits<double>::max());
  for (auto text :
       {"1e-400", "0.00e0", "123e-500", "1e-99999999999999999999", "0e-99999"})
    CHECK(read<double>(text) == 0.0);
  CHECK(read<double>("0." + std::string(400, '0') + "1e10") == 0.0);
  CHECK(read<float>("1e-60") == 0.0f);
  CHECK(std::signbit(read<double>("-1e-400")));
  for (auto& text : {std::string{"1.8e308"}, std::string(310, '9')})
    CHECK(complaint<double>(text)
          == ": must be between -1.7976931348623157e+308 and "
             "1.7976931348623157e+308");
  CHECK(complaint<float>("-1e39")
        == ": must be between -3.4028235e+38 and 3.4028235e+38");
}

TEST_CASE("strings are unescaped") {
  CHECK(read<std::string>(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(read<std::string>(R"("a\u0041\u007f\u0080\u07FF\u0800\uffff")")
        == "aA\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF");
  CHECK(read<std::string>(R"("\ud800\udc00 \uDBFF\uDFFF")")
        == "\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF");
  CHECK(read<std::string>(R"("\u0000x")") == std::string("\0x", 2));
  CHECK(read<std::string>("\"caf\xC3\xA9\"") == "caf\xC3\xA9");
}

TEST_CASE("a struct is read with all that is in it") {
  auto x = read<shop::order>(R"({
    "other": [{"count": 1}], "count": 3, "note": [ 1, "x" ],
    "tags": {"a": -1, "b\n": 2},
    "items": [{"price": 1.5, "id": "x", "paint": "red"},
              {"id": "y", "price": 2, "paint": null}],
    "when": {"to": 2, "from": 1}})");
  CHECK(x.count == 3);
  REQUIRE(x.items.size() == 2);
  CHECK(x.items[0].id == "x");
  CHECK(x.items[0].price == 1.5);
  CHECK(x.items[0].paint == shop::color::red);
  CHECK(x.items[1].id == "y");
  CHECK_FALSE(x.items[1].paint);
  CHECK(x.tags == std::map<std::string, std::int16_t>{{"a", -1}, {"b\n", 2}});
  CHECK(x.note.text == "[ 1, \"x\" ]");
  REQUIRE(x.when);
  CHECK(x.when->to == 2);
}

TEST_CASE("everything else is read, too") {
  auto x = read<shop::sampler>(R"({"flag":true,"ratio":0.5,"pair":[1,2],
    "entry":["a",9],"bits":[true,false,true],
    "lists":{"x":["red","green"],"y":[]},"extra":{"a":null}})");
  CHECK(x.flag);
  CHECK(x.ratio == 0.5f);
  CHECK(x.pair == std::array{1, 2});
  CHECK(x.entry == std::pair<std::string, std::uint64_t>{"a", 9});
  CHECK(x.bits == std::vector{true, false, true});
  CHECK(x.lists.at("x") == std::vector<std::string>{"red", "green"});
  CHECK(x.lists.at("y").empty());
  REQUIRE(x.extra);
  CHECK(x.extra->text == R"({"a":null})");
}

TEST_CASE("all errors are reported, with paths, as the struct declares them") {
  CHECK(complaint<shop::order>(R"({
    "when": {"from": "1"}, "tags": {"x": 40000, "y": 1, "z": "1"},
    "items": [{"price": "free", "id": 1}, 7, {"paint": "blue"}],
    "count": 300})")
        == "count: must be between 0 and 255\n"
           "items[0].id: must be a string\n"
           "items[0].price: must be a number\n"
           "items[1]: must be an object\n"
           "items[2].id: is required\n"
           "items[2].price: is required\n"
           "items[2].paint: must be one of: red, green\n"
           "tags.x: must be between -32768 and 32767\n"
           "tags.z: must be an integer\n"
           "note: is required\n"
           "when.from: must be an integer\n"
           "when.to: is required");
  CHECK(complaint<shop::order>("{}")
        == "count: is required\nitems: is required\ntags: is required\n"
           "note: is required");
  CHECK(complaint<shop::sampler>(R"({"flag":0,"ratio":0,"pair":[1],
    "entry":[1,-1],"bits":[1],"lists":{"x":["red",1]}})")
        == "flag: must be true or false\n"
           "pair: must have 2 elements\n"
           "entry[0]: must be a string\n"
           "entry[1]: must be between 0 and 18446744073709551615\n"
           "bits[0]: must be true or false\n"
           "lists.x[1]: must be a string");
  CHECK(complaint<std::vector<std::vector<int>>>("[[1],[2,true],{}]")
        == "[1][1]: must be an integer\n[2]: must be an array");
}

TEST_CASE("a member stands once") {
  CHECK(complaint<shop::span>(R"({"from":1,"to":2,"from":1})")
        == "from: stands twice");
  CHECK(complaint<shop::span>(R"({"from":1,"to":2,"\u0066rom":1,"from":3})")
        == "from: stands twice");
  CHECK(complaint<std::map<std::string, int>>(R"({"a":1,"b":2,"\u0061":3})")
        == "a: stands twice");
  // Nobody asked for it.
  CHECK(read<shop::span>(R"({"x":1,"from":1,"to":2,"x":1})").to == 2);
}

TEST_CASE("an optional member may be absent or null") {
  CHECK_FALSE(read<shop::item>(R"({"id":"x","price":1})").paint);
  shop::item x;
  x.paint = shop::color::red;
  CHECK_FALSE(from_json(R"({"id":"x","price":1})", x));
  CHECK_FALSE(x.paint);
  CHECK_FALSE(read<std::optional<int>>("null"));
  CHECK(read<std::optional<int>>("3") == 3);
  CHECK(complaint<std::vector<std::optional<int>>>("[null,\"x\"]")
        == "[1]: must be an integer");
}

TEST_CASE("a struct's own rules are asked once it is complete") {
  constexpr std::string_view head
    = R"({"count":1,"tags":{},"note":null,"items":)";
  auto order = [&](std::string_view tail) {
    return std::string{head}.append(tail);
  };
  CHECK(complaint<shop::order>(order(R"([],"when":{"from":1,"to":2}})"))
        == "items: must not be empty");
  // The inner struct has failed, so that the outer one is not asked.
  CHECK(complaint<shop::order>(order(R"([],"when":{"from":2,"to":1}})"))
        == "when.to: must not be less than from");
  CHECK(complaint<shop::order>(order(R"([],"when":{"from":2,"to":2}})"))
        == "when: must not be empty");
  CHECK(complaint<shop::order>(order(R"([{}],"when":{"from":2,"to":1}})"))
        == "items[0].id: is required\nitems[0].price: is required\n"
           "when.to: must not be less than from");
  CHECK(complaint<shop::span>(R"({"from":2,"to":2})") == ": must not be empty");
  CHECK(complaint<std::vector<shop::span>>(R"([{"from":2,"to":1}])")
        == "[0].to: must not be less than from");
}

TEST_CASE("what a client makes us report is bounded") {
  std::string many = "[";
  for (auto i = 0; i < 30'000; ++i)
    many += "0,";
  auto x = from_json<std::vector<shop::order>>(many + "0]");
  CHECK(field_errors_of(x.error()).size() == 64);
  std::string name(5'000, 'n');
  CHECK(complaint<std::map<std::string, int>>("{\"" + name + "\":null}")
        == std::string(64, 'n') + "...: must be an integer");
}

TEST_CASE("texts of any size are read") {
  // More than fits into the tokens on the stack.
  std::string text = "[";
  for (auto i = 0; i < 5'000; ++i)
    text += std::to_string(i) + ",";
  auto xs = read<std::vector<int>>(text + "5000]");
  REQUIRE(xs.size() == 5'001);
  CHECK(xs[4'321] == 4'321);
}

TEST_CASE("a struct can contain itself, 128 levels deep") {
  auto nested = [](int n) {
    std::string text = R"({"kids":[]})";
    for (auto i = 1; i < n; ++i)
      text = R"({"kids":[)" + text + "]}";
    return text;
  };
  auto x = read<shop::tree>(nested(64));
  CHECK(to_json(x) == nested(64));
  auto too_deep = from_json<shop::tree>(nested(65));
  REQUIRE_FALSE(too_deep);
  CHECK(too_deep.error() == errc::malformed);
  CHECK(public_message(too_deep.error())
        == "the text is nested deeper than 128 levels");
}

TEST_CASE("a text that is not JSON is malformed") {
  for (auto text : {"", "{", "[1,]", "{\"from\":1,\"to\":2}x"}) {
    auto x = from_json<shop::span>(text);
    REQUIRE_FALSE(x);
    CHECK(x.error() == errc::malformed);
    CHECK(field_errors_of(x.error()).empty());
  }
  CHECK(public_message(from_json<int>("[1").error())
        == "the text is not JSON: a comma or a closing bracket is missing at "
           "byte 2");
}

TEST_CASE("a value that was there before is replaced") {
  auto x = read<shop::order>(
    R"({"count":1,"items":[{"id":"x","price":1}],"tags":{"a":1},"note":1})");
  CHECK_FALSE(from_json(
    R"({"count":2,"items":[{"id":"y","price":1}],"tags":{},"note":{}})", x));
  CHECK(x.items.size() == 1);
  CHECK(x.items[0].id == "y");
  CHECK(x.tags.empty());
  CHECK(x.note.text == "{}");
}
