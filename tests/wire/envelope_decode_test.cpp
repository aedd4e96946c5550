#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/wire/envelope.hpp"

using namespace flamigo;
using namespace std::string_view_literals;

namespace {

struct good_frame {
  std::string_view text;
  std::string_view topic;
  std::string_view payload;
  std::string_view ack_id;
};

struct bad_frame {
  std::string_view text;
  std::string_view message;
  std::string_view ack_id = {};
};

void check(const good_frame& x) {
  INFO(x.text);
  envelope_decoder decoder;
  client_request req;
  auto err = decoder.decode(x.text, req);
  INFO(public_message(err));
  REQUIRE_FALSE(err);
  CHECK(req.topic == x.topic);
  CHECK(req.payload == x.payload);
  CHECK(req.ack_id == x.ack_id);
}

void check(const bad_frame& x) {
  INFO(x.text);
  envelope_decoder decoder;
  client_request req;
  auto err = decoder.decode(x.text, req);
  REQUIRE(err);
  CHECK(err == errc::malformed);
  CHECK(status_of(err) == 400);
  CHECK(public_message(err) == x.message);
  CHECK(req.ack_id == x.ack_id);
  CHECK(req.topic.empty());
  CHECK(req.payload == "null");
}

std::string times(std::size_t n, std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < n; ++i)
    result += text;
  return result;
}

constexpr auto ack_rule
  = "ackId must be a string of 1 to 128 bytes or an integer"sv;

} // namespace

TEST_CASE("a request has a topic, a payload and an ackId") {
  for (const auto& x : std::initializer_list<good_frame>{
         {R"({"topic":"a","payload":{"text":"hi"},"ackId":"12345"})", "a",
          R"({"text":"hi"})", R"("12345")"},
         {R"({"ackId":7,"payload":[1,2],"topic":"app::chat:post"})",
          "app::chat:post", "[1,2]", "7"},
         {R"({"topic":"a"})", "a", "null", ""},
         {" \t\r\n{ \"topic\" : \"a\" , \"payload\" : [ 1 , { } ] , "
          "\"ackId\" : 1 } \n",
          "a", "[ 1 , { } ]", "1"},
       })
    check(x);
}

TEST_CASE("a payload is any JSON value") {
  for (auto payload : {"null",
                       "true",
                       "false",
                       "0",
                       "-0",
                       "-1.5e+10",
                       "1e-999",
                       "1.7e308",
                       "0.0e400",
                       "2e308",
                       "1E+400",
                       "-1e99999999999999999999",
                       "12345678901234567890123456789",
                       "\"\"",
                       "\"a\\\"b\\\\\"",
                       "\"\\u0000\\ud83d\\ude00\"",
                       "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"",
                       "[]",
                       "{}",
                       "[[[]],{\"a\":{\"a\":[]}}]",
                       "{\"a\":1,\"a\":2}",
                       "{\"topic\":1,\"payload\":2,\"ackId\":[]}"}) {
    auto text = R"({"topic":"a","payload":)" + std::string{payload} + "}";
    check(good_frame{text, "a", payload, ""});
  }
}

TEST_CASE("a payload may have numbers of any size") {
  auto digits = times(1'000, "9");
  for (auto& payload :
       {digits, '-' + digits, digits + "." + digits, "0." + digits + "E+400",
        digits + "e" + digits, "[1," + digits + "]", "[" + digits + " ,2e308]",
        R"({"9e9":")" + digits + R"(e9","x":)" + digits + "}"}) {
    auto text = R"({"topic":"a","payload":)" + payload + "}";
    check(good_frame{text, "a", payload, ""});
  }
}

TEST_CASE("an ackId is echoed byte for byte") {
  auto longest = '"' + times(128, "x") + '"';
  auto longest_unescaped = '"' + times(64, "\\u00e9") + '"';
  auto longest_integer = '-' + times(127, "9");
  for (auto ack_id :
       {"1", "0", "-0", "-17", "123456789012345678901234567890",
        longest_integer.c_str(), "\"x\"", "\"\\u0041\\/\\n\"", "\"\xC3\xA9\"",
        longest.c_str(), longest_unescaped.c_str()}) {
    auto text = R"({"topic":"a","ackId": )" + std::string{ack_id} + " }";
    check(good_frame{text, "a", "null", ack_id});
  }
}

TEST_CASE("an ackId is short, a string or an integer") {
  auto too_long = '"' + times(129, "x") + '"';
  auto too_long_integer = times(129, "9");
  auto too_long_unescaped = '"' + times(64, "\\u00e9") + "x\"";
  for (auto ack_id : {"null", "true", "1.0", "1e3", "1E3", "1e400", "{}", "[1]",
                      "\"\"", too_long_integer.c_str(), too_long.c_str(),
                      too_long_unescaped.c_str()}) {
    auto text = R"({"topic":"a","ackId":)" + std::string{ack_id} + "}";
    check(bad_frame{text, ack_rule});
  }
}

TEST_CASE("a topic is unescaped and has 1 to 256 bytes") {
  check(good_frame{R"({"topic":"\u0061\/\u00e9\ud83d\ude00\n"})",
                   "a/\xC3\xA9\xF0\x9F\x98\x80\n", "null", ""});
  auto longest = times(256, "t");
  auto frame = [](std::string_view topic) {
    return R"({"topic":")" + std::string{topic} + "\"}";
  };
  check(good_frame{frame(longest), longest, "null", ""});
  check(good_frame{frame(times(128, "\\u00e9")), times(128, "\xC3\xA9"), "null",
                   ""});
  constexpr auto rule = "topic must have 1 to 256 bytes"sv;
  check(bad_frame{frame(""), rule});
  check(bad_frame{frame(longest + "t"), rule});
  check(bad_frame{frame(times(128, "\\u00e9") + "t"), rule});
}

TEST_CASE("names may be escaped, too") {
  check(good_frame{R"({"\u0074opic":"a","p\u0061yload":1,"ack\u0049d":2})", "a",
                   "1", "2"});
}

TEST_CASE("other members are ignored") {
  check(good_frame{R"({"x":{"topic":"no"},"topic":"a","Topic":1,"":[],)"
                   R"("payload ":1,"ackid":2,"topic\u0000":3})",
                   "a", "null", ""});
}

TEST_CASE("a message is an object with a topic") {
  constexpr auto no_object = "the message must be a JSON object with a topic"sv;
  for (auto text :
       {"null", "true", "1", "\"topic\"", "[]", R"([{"topic":"a"}])"})
    check(bad_frame{text, no_object});
  constexpr auto required = "topic is required: name the strategy to run"sv;
  check(bad_frame{"{}", required});
  check(bad_frame{R"({"payload":1,"ackId":2})", required, "2"});
  for (auto topic : {"null", "true", "1", "{}", "[\"a\"]"})
    check(bad_frame{R"({"ackId":"x","topic":)" + std::string{topic} + "}",
                    "topic must be a string", "\"x\""});
}

TEST_CASE("no member stands twice") {
  for (const auto& x : std::initializer_list<bad_frame>{
         {R"({"topic":"a","topic":"a","ackId":1})",
          R"(the member "topic" stands twice: send it once)", "1"},
         {R"({"topic":"a","t\u006fpic":"a"})",
          R"(the member "topic" stands twice: send it once)"},
         {R"({"topic":"a","payload":{},"payload":{}})",
          R"(the member "payload" stands twice: send it once)"},
         // Which of them would be the one to answer?
         {R"({"topic":"a","ackId":1,"ackId":1})",
          R"(the member "ackId" stands twice: send it once)"},
         {R"({"topic":"a","traceparent":"x","traceparent":1})",
          R"(the member "traceparent" stands twice: send it once)"},
         {R"({"topic":"a","topic":"a","ackId":1,"ackId":2})",
          R"(the member "topic" stands twice: send it once)"},
         {R"({"topic":"a","x":1,"y":2,"x":3})",
          R"(the member "x" stands twice: send it once)"},
         {R"({"topic":"a","x":1,"y":2,"\u0078":3})",
          R"(the member "x" stands twice: send it once)"},
         {R"({"topic":"a","\u0078":1,"\u0078":3})",
          R"(the member "x" stands twice: send it once)"},
         {R"({"":1,"topic":"a","":2})",
          R"(the member "" stands twice: send it once)"},
       })
    check(x);
  auto name = times(40, "\xC3\xA9");
  auto member = "\"" + name + "\":1,";
  check(bad_frame{"{" + member + member + "\"topic\":\"a\"}",
                  "the member \"" + times(32, "\xC3\xA9")
                    + "...\" stands twice: send it once"});
}

TEST_CASE("ten thousand members cost no more than they should") {
  std::string text = "{";
  for (auto i = 0; i < 10'000; ++i)
    text += "\"m" + std::to_string(i) + "\":0,";
  check(good_frame{text + R"("topic":"a"})", "a", "null", ""});
  check(bad_frame{text + R"("topic":"a","m77":0})",
                  R"(the member "m77" stands twice: send it once)"});
}

TEST_CASE("a message is nested at most 128 levels deep") {
  auto nested = [](std::size_t n, std::string_view open, std::string_view close,
                   std::string_view inner = {}) {
    return times(n, open) + std::string{inner} + times(n, close);
  };
  auto frame = [](const std::string& payload) {
    return R"({"topic":"a","ackId":1,"payload":)" + payload + "}";
  };
  auto arrays = nested(127, "[", "]");
  auto objects = nested(127, R"({"a":)", "}", "1");
  check(good_frame{frame(arrays), "a", arrays, "1"});
  check(good_frame{frame(objects), "a", objects, "1"});
  constexpr auto rule = "the message is nested deeper than 128 levels"sv;
  check(bad_frame{frame(nested(128, "[", "]")), rule, "1"});
  check(bad_frame{frame(nested(128, R"({"a":)", "}", "1")), rule, "1"});
  check(bad_frame{frame(times(60'000, "[")), rule, "1"});
  check(bad_frame{times(60'000, "["), rule});
  check(bad_frame{times(10'000, R"({"a":)"), rule});
}

TEST_CASE("a request may say which trace it belongs to") {
  envelope_decoder decoder;
  client_request req;
  auto said = [&](const std::string& value) {
    auto text = R"({"traceparent":)" + value + R"(,"topic":"a"})";
    INFO(text);
    REQUIRE_FALSE(decoder.decode(text, req));
    CHECK(req.topic == "a");
    return std::string{req.traceparent};
  };
  CHECK(said(R"("00-ab-cd-01")") == "00-ab-cd-01");
  // It is for others to say whether it is one.
  CHECK(said("\"" + times(1000, "-") + "\"") == times(1000, "-"));
  for (auto other :
       {R"("")", R"("0\u0030")", "null", "7", "[]", R"({"a":"b"})"})
    CHECK(said(other).empty());
  CHECK(said(" \t\r\n\"x\"\n") == "x");
  CHECK_FALSE(decoder.decode(
    R"({"topic":"a","traceparen":"no","traceparent" : "x","payload":"y"})",
    req));
  CHECK(req.traceparent == "x");
  CHECK_FALSE(decoder.decode(R"({"topic":"a"})", req));
  CHECK(req.traceparent.empty());
}

TEST_CASE("a decoder is used again and again") {
  envelope_decoder decoder;
  client_request req;
  CHECK_FALSE(decoder.decode(R"({"topic":"\u0061","ackId":"\u0062"})", req));
  CHECK(req.topic == "a");
  CHECK(decoder.decode(R"({"topic":1})", req));
  CHECK(req.topic.empty());
  CHECK(req.ack_id.empty());
  CHECK_FALSE(decoder.decode(R"({"topic":"b"})", req));
  CHECK(req.topic == "b");
  CHECK(req.payload == "null");
}

// -- the payload, taken apart -------------------------------------------------

namespace {

// Returns a list of `n` numbers, which is n + 1 tokens.
std::string list_of(std::size_t n) {
  auto result = "[" + times(n, "7,");
  result.back() = ']';
  return result;
}

// Returns the payload's tokens as JSON; nothing if there are none.
std::string taken_apart(std::string_view frame) {
  envelope_decoder decoder;
  client_request req;
  REQUIRE_FALSE(decoder.decode(frame, req));
  if (req.payload_tokens == nullptr)
    return {};
  CHECK(req.payload_tokens->slice() == req.payload);
  raw_json out;
  REQUIRE_FALSE(detail::bind_json(*req.payload_tokens, out));
  return out.text;
}

} // namespace

TEST_CASE("a payload is taken apart with its frame") {
  for (auto payload : {R"({"room":"a","at":[1,{"x":null}]})"sv, "[[],{}]"sv,
                       R"("te\nxt")"sv, "true"sv, "-1.5e3"sv, "null"sv}) {
    auto member = R"("payload": )" + std::string{payload};
    INFO(payload);
    CHECK(taken_apart(R"({"topic":"t",)" + member + "}") == payload);
    CHECK(taken_apart("{" + member + R"( ,"topic":"t","ackId":1})") == payload);
  }
}

TEST_CASE("what is not the payload is not taken apart") {
  CHECK(taken_apart(R"({"topic":"t"})").empty());
  CHECK(taken_apart(R"({"topic":"t","other":{"payload":[1]}})").empty());
  CHECK(taken_apart(R"({"other":[1],"payload":[2],"last":[3],"topic":"t"})")
        == "[2]");
}

TEST_CASE("a payload of more than 64 parts is left for who wants it") {
  for (std::size_t n : {63u, 64u, 1000u}) {
    auto text = list_of(n);
    auto frame = R"({"topic":"t","payload":)" + text + R"(,"ackId":1})";
    CHECK(taken_apart(frame) == (n < 64 ? text : ""));
  }
}

TEST_CASE("a payload with a number that no double holds is read twice") {
  CHECK(taken_apart(R"({"topic":"t","payload":[1,1e999,2]})") == "[1,1e999,2]");
}

TEST_CASE("a decoder forgets the frame before") {
  envelope_decoder decoder;
  client_request req;
  REQUIRE_FALSE(decoder.decode(R"({"topic":"t","payload":[1,2]})", req));
  REQUIRE(decoder.decode(R"({"topic":"t","payload":[3,)", req));
  CHECK(req.payload_tokens == nullptr);
  REQUIRE_FALSE(decoder.decode(R"({"topic":"t","payload":[4]})", req));
  std::vector<int> out;
  REQUIRE_FALSE(detail::bind_json(*req.payload_tokens, out));
  CHECK(out == std::vector{4});
}
