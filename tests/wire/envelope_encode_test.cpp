#include <string>

#include <catch2/catch_test_macros.hpp>

#include <caf/sec.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/wire/envelope.hpp"

using namespace flamigo;

namespace {

std::string error_frame(const caf::error& err, std::string_view ack_id = {},
                        bool expose_trace = false) {
  std::string out;
  append_error(out, err, ack_id, expose_trace);
  CHECK(is_json(out));
  return out;
}

} // namespace

TEST_CASE("a reply has a topic, a payload and the ackId") {
  std::string out;
  append_response(out, "app::chat:post", R"({"id":7})", R"("12345")");
  CHECK(out
        == R"({"topic":"app::chat:post","payload":{"id":7},"ackId":"12345"})");
  out.clear();
  append_response(out, "a", "null", "-0");
  CHECK(out == R"({"topic":"a","payload":null,"ackId":-0})");
}

TEST_CASE("a reply is appended in one piece or in two") {
  std::string whole = "before ";
  append_response(whole, "a\"b", "[1]", "7");
  std::string parts = "before ";
  begin_response(parts, "a\"b");
  append_json(parts, std::vector{1});
  end_response(parts, "7");
  CHECK(whole == parts);
  CHECK(whole == R"(before {"topic":"a\"b","payload":[1],"ackId":7})");
}

TEST_CASE("an event has no ackId") {
  std::string out;
  append_event(out, "chat:message", R"({"text":"hi"})");
  CHECK(out == R"({"topic":"chat:message","payload":{"text":"hi"}})");
}

TEST_CASE("a topic is escaped") {
  std::string out;
  append_event(out, "a\\\n\x01\xFF\xC3\xA9", "1");
  CHECK(out
        == "{\"topic\":\"a\\\\\\n\\u0001\xEF\xBF\xBD\xC3\xA9\",\"payload\":1}");
}

TEST_CASE("an error shows its public side") {
  CHECK(error_frame(make_error(errc::forbidden, "you may not post here",
                               "the claims say no"),
                    "\"1\"")
        == R"({"topic":"error","payload":{"message":"you may not post here",)"
           R"("status":403,"code":"forbidden"},"ackId":"1"})");
  CHECK(error_frame(internal_error("the disk is full"))
        == R"({"topic":"error","payload":{"message":"internal error",)"
           R"("status":500,"code":"internal"}})");
  CHECK(error_frame(make_error(caf::sec::request_timeout), "1")
          .ends_with(R"("status":504,"code":"timeout"},"ackId":1})"));
  CHECK(error_frame(public_error("sold \"out\"", 410, "gone"))
        == R"({"topic":"error","payload":{"message":"sold \"out\"",)"
           R"("status":410,"code":"gone"}})");
}

TEST_CASE("an error lists the fields that do not fit") {
  auto err = invalid_payload(
    {{"items[0].price", "must be a number"}, {"", "must be \"good\""}});
  auto text = error_frame(err, "5");
  CHECK(
    text.ends_with(R"("status":400,"code":"invalid_payload","fieldErrors":[)"
                   R"({"field":"items[0].price","error":"must be a number"},)"
                   R"({"field":"","error":"must be \"good\""}]},"ackId":5})"));
}

TEST_CASE("a trace is shown only when it is to be exposed") {
  auto err = wrap(internal_error("deadline exceeded"), "saving");
  CHECK(error_frame(err).find("deadline") == std::string::npos);
  CHECK(error_frame(err, {}, true)
        == R"({"topic":"error","payload":{"message":"internal error",)"
           R"("status":500,"code":"internal",)"
           R"("trace":"saving: deadline exceeded"}})");
}

TEST_CASE("an error is UTF-8 whatever its texts are") {
  auto err = public_error("caf\xE9", 400, "\xFF");
  CHECK(error_frame(err)
        == "{\"topic\":\"error\",\"payload\":{\"message\":\"caf\xEF\xBF\xBD\","
           "\"status\":400,\"code\":\"\xEF\xBF\xBD\"}}");
}

TEST_CASE("what is written as a reply is read back as a request") {
  std::string out;
  append_response(out, "a\"\n\xC3\xA9", R"({"a":[]})", R"("\u0041")");
  envelope_decoder decoder;
  client_request req;
  REQUIRE_FALSE(decoder.decode(out, req));
  CHECK(req.topic == "a\"\n\xC3\xA9");
  CHECK(req.payload == R"({"a":[]})");
  CHECK(req.ack_id == R"("\u0041")");
}
