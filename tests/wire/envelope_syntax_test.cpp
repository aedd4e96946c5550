#include <cstddef>
#include <string>
#include <string_view>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/wire/envelope.hpp"

using namespace flamigo;
using namespace std::string_view_literals;

namespace {

struct bad_text {
  std::string_view text;
  std::string_view message;
};

constexpr bad_text bad_texts[] = {
  {"", "there is no value at byte 0"},
  {" \n", "there is no value at byte 2"},
  {"\0"sv, "a value is expected at byte 0"},
  {"{}{}", "nothing may follow the first value at byte 2"},
  {R"({"topic":"a"} x)", "nothing may follow the first value at byte 14"},
  {"{\"topic\":\"a\"}\0"sv, "nothing may follow the first value at byte 13"},
  {"{\"topic\":\"a\"} \0{}"sv, "nothing may follow the first value at byte 14"},
  // A byte order mark.
  {"\xEF\xBB\xBF{\"topic\":\"a\"}", "a value is expected at byte 0"},
  {"nil", "a value is expected at byte 1"},
  {"NaN", "a value is expected at byte 0"},
  {"{'topic':1}", "the name of a member is expected, in quotes, at byte 1"},
  {"{", "the name of a member is expected, in quotes, at byte 1"},
  {R"({"a":1,})", "the name of a member is expected, in quotes, at byte 7"},
  {R"({1:1})", "the name of a member is expected, in quotes, at byte 1"},
  {"{/**/}", "the name of a member is expected, in quotes, at byte 1"},
  {R"({"a" 1})", "a colon is missing at byte 5"},
  {R"({"a")", "a colon is missing at byte 4"},
  {R"({"a":})", "a value is expected at byte 5"},
  {R"({"a":)", "a value is expected at byte 5"},
  {R"({"a":1)", "a comma or a closing brace is missing at byte 6"},
  {R"({"a":1 "b":2})", "a comma or a closing brace is missing at byte 7"},
  {R"({"a":1])", "a comma or a closing brace is missing at byte 6"},
  {"{\"a\":1\0}"sv, "a comma or a closing brace is missing at byte 6"},
  {"[1", "a comma or a closing bracket is missing at byte 2"},
  {"[1 2]", "a comma or a closing bracket is missing at byte 3"},
  {"[1}", "a comma or a closing bracket is missing at byte 2"},
  {"[1,]", "a value is expected at byte 3"},
  {"[,]", "a value is expected at byte 1"},
  {R"("a)", "a closing quote is missing at byte 2"},
  {R"("a\)", "a backslash must begin an escape that JSON knows at byte 2"},
  {R"("a\x")", "a backslash must begin an escape that JSON knows at byte 2"},
  {R"("\u12G4")", "\\u needs four hexadecimal digits at byte 1"},
  {R"("\u12)", "\\u needs four hexadecimal digits at byte 1"},
  {"\"a\nb\"", "a control character must be escaped at byte 2"},
  {"\"a\x01\"", "a control character must be escaped at byte 2"},
  {"\"a\0b\""sv, "a control character must be escaped at byte 2"},
  // -- surrogates ---------------------------------------------------------
  {R"("\ud800")", "a surrogate escape must be one of a pair at byte 1"},
  {R"("\ud800x")", "a surrogate escape must be one of a pair at byte 1"},
  {R"("\ud800\n")", "a surrogate escape must be one of a pair at byte 1"},
  {R"("\ud800\u0041")", "a surrogate escape must be one of a pair at byte 1"},
  {R"("\ud800\ud800")", "a surrogate escape must be one of a pair at byte 1"},
  {R"("\udc00")", "a surrogate escape must be one of a pair at byte 1"},
  {R"("x\udfff\ud800")", "a surrogate escape must be one of a pair at byte 2"},
  {R"("\ud83d\ude00\ude00")",
   "a surrogate escape must be one of a pair at byte 13"},
  {R"({"\udc00":1})", "a surrogate escape must be one of a pair at byte 2"},
  // -- numbers ------------------------------------------------------------
  {"01", "nothing may follow the first value at byte 1"},
  {"+1", "a value is expected at byte 0"},
  {"-", "a value is expected at byte 1"},
  {".5", "a value is expected at byte 0"},
  {"1.", "a digit must follow the decimal point at byte 2"},
  {"1.e5", "a digit must follow the decimal point at byte 2"},
  {"1e", "the exponent needs a digit at byte 2"},
  {"1e+", "the exponent needs a digit at byte 3"},
  {"0x10", "nothing may follow the first value at byte 1"},
  {"1.5.5", "nothing may follow the first value at byte 3"},
  {"[1e5e5]", "a comma or a closing bracket is missing at byte 4"},
  {"-01", "nothing may follow the first value at byte 2"},
  {"[1e999.5]", "a number cannot go on like this at byte 6"},
  {"[1e999e]", "a number cannot go on like this at byte 6"},
  {"-Infinity", "a value is expected at byte 1"},
  // -- UTF-8 --------------------------------------------------------------
  {"\"\x80\"", "the text must be UTF-8 at byte 1"},
  {"\"\xC3\"", "the text must be UTF-8 at byte 1"},
  {"\"\xC3", "the text must be UTF-8 at byte 1"},
  {"\"\xC0\x80\"", "the text must be UTF-8 at byte 1"},
  {"\"\xE0\x80\x80\"", "the text must be UTF-8 at byte 1"},
  {"\"\xED\xA0\x80\"", "the text must be UTF-8 at byte 1"},
  {"\"\xF0\x80\x80\x80\"", "the text must be UTF-8 at byte 1"},
  {"\"\xF4\x90\x80\x80\"", "the text must be UTF-8 at byte 1"},
  {"\"\xF5\x80\x80\x80\"", "the text must be UTF-8 at byte 1"},
  {"\"\xE2\x82\"", "the text must be UTF-8 at byte 1"},
  {"\"\xFF\"", "the text must be UTF-8 at byte 1"},
};

std::string complain(std::string_view text, client_request& req) {
  envelope_decoder decoder;
  auto err = decoder.decode(text, req);
  CHECK(err == errc::malformed);
  return public_message(err);
}

} // namespace

TEST_CASE("what is not JSON is refused with the place and the reason") {
  client_request req;
  for (auto& [text, message] : bad_texts) {
    INFO(text);
    CHECK(complain(text, req)
          == "the message is not JSON: " + std::string{message});
    CHECK(req.ack_id.empty());
  }
}

TEST_CASE("a bad text is refused wherever it stands in a request") {
  // Far from the end, since long strings are scanned in blocks.
  auto tail = R"(,"text":")" + std::string(100, 'x') + "\"}}";
  auto head = R"({"topic":"a","ackId":"1","payload":{"member":)"sv;
  for (auto& x : bad_texts) {
    // What stops being an error when more follows.
    if (x.text.find_first_not_of(" \n") == std::string_view::npos
        || x.text == "{}{}" || x.text.find("topic") != std::string_view::npos)
      continue;
    INFO(x.text);
    client_request req;
    auto text = std::string{head}.append(x.text).append(tail);
    CHECK(complain(text, req).starts_with("the message is not JSON: "));
    // The ackId stood before it.
    CHECK(req.ack_id == "\"1\"");
  }
}

TEST_CASE("no part of a request is a request") {
  auto text = R"({"ackId":1,"topic":"\u0061\u00e9","payload":[{"a":-1.5e1,)"
              R"("b":"\ud83d\ude00)"
              "\xF0\x9F\x98\x80"
              R"("},true,false,null]})"sv;
  client_request req;
  REQUIRE_FALSE(envelope_decoder{}.decode(text, req));
  for (std::size_t size = 0; size < text.size(); ++size) {
    // A copy, so that a sanitizer sees a read behind its end.
    std::string part{text.substr(0, size)};
    part.shrink_to_fit();
    INFO(part);
    CHECK(complain(part, req).starts_with("the message is not JSON: "));
    // Not before the comma: it could have been 12.
    CHECK(req.ack_id == (size > 10 ? "1" : ""));
  }
}

TEST_CASE("an error is answered to the ackId that was sent, or to none") {
  for (auto id : {"01", "-01", "0x10", "5n", "1_000", "1 2", "1.", "1e", "1e+",
                  "1.5.5", "2]", "1\\", "\"1\"x", "\"1\" \"2\"", "1:2", "1/**/",
                  "1", "\"1\"", "1 "}) {
    INFO(id);
    client_request req;
    complain(R"({"topic":"a","ackId":)" + std::string{id}, req);
    CHECK(req.ack_id.empty());
    complain(R"({"topic":"a","ackId":)" + std::string{id} + "x}", req);
    CHECK(req.ack_id.empty());
  }
  for (auto rest : {",", "}x", " ,x", "\t\r\n}}", R"(,"payload":01})"}) {
    INFO(rest);
    client_request req;
    // It is shown in the text, which has to be there.
    auto text = R"({"topic":"a","ackId":12)" + std::string{rest};
    complain(text, req);
    CHECK(req.ack_id == "12");
  }
  // Of two, which would it be?
  for (auto text : {R"({"ackId":1,"ackId":2,x)", R"({"ackId":1,"ackId":)",
                    R"({"ackId":1,"\u0061ckId")"}) {
    INFO(text);
    client_request req;
    complain(text, req);
    CHECK(req.ack_id.empty());
  }
}

TEST_CASE("no single byte of a long string can be damaged unnoticed") {
  for (std::size_t size = 0; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      for (auto bad : {'\x1F', '\x7F', '\x80', '"', '\\'}) {
        text[at] = bad;
        auto frame = R"({"topic":"a","payload":")" + text + "\"}";
        client_request req;
        auto err = envelope_decoder{}.decode(frame, req);
        // A backslash before a quote or an x is an error as well.
        CHECK(!err == (bad == '\x7F'));
      }
    }
  }
}
