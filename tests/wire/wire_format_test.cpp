#include "flamigo/wire/wire_format.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/wire/decoding_space.hpp"
#include "flamigo/wire/envelope.hpp"

using namespace flamigo;

TEST_CASE("our format says what the protocol says") {
  auto& ours = flamigo_format();
  std::string out;
  ours.begin_response(out, "a", "7");
  out += "[1]";
  ours.end_response(out, "7");
  CHECK(out == R"({"topic":"a","payload":[1],"ackId":7})");
  out.clear();
  ours.append_part(out, "a", "1", "7");
  CHECK(out == R"({"topic":"a","payload":1,"ackId":7,"more":true})");
  out.clear();
  ours.append_event(out, "a", "1");
  CHECK(out == R"({"topic":"a","payload":1})");
  out.clear();
  ours.append_question(out, "a", "1", "3");
  CHECK(out == R"({"topic":"a","payload":1,"requestId":"3"})");
  out.clear();
  ours.append_error(out, make_error(errc::conflict, "taken"), "7", false);
  CHECK(out
        == R"({"topic":"error","payload":{"message":"taken","status":409,)"
           R"("code":"conflict"},"ackId":7})");
  CHECK(ours.takes_parts("7"));
  CHECK(ours.takes_parts({}));
  CHECK_FALSE(ours.names_streams());
  CHECK(ours.is_named(R"("7")", R"("\u0037")"));
  CHECK_FALSE(ours.is_named("7", R"("7")"));
}

TEST_CASE("a space takes one frame after another apart") {
  decoding_space space;
  client_request req;
  auto& ours = flamigo_format();
  REQUIRE(!ours.decode(R"({"topic":"\u0061","payload":[1,2]})", space, req));
  CHECK(req.topic == "a");
  CHECK(req.payload == "[1,2]");
  REQUIRE(!ours.decode(R"({"topic":"b","ackId":7})", space, req));
  CHECK(req.topic == "b");
  CHECK(req.payload == "null");
  CHECK(req.payload_tokens == nullptr);
  CHECK(req.ack_id == "7");
}

TEST_CASE("what an answer says is read without its id") {
  client_answer what{"7", "null", {}};
  REQUIRE(!read_outcome(R"({"payload":[1]})", what));
  CHECK(what.request_id == "7");
  CHECK(what.payload == "[1]");
  REQUIRE(!read_outcome(R"({"error":{"status":404}})", what));
  CHECK(status_of(what.failure) == 404);
  CHECK(read_outcome(R"({"payload":1,"error":{}})", what) == errc::malformed);
  CHECK(read_outcome("7", what) == errc::malformed);
  CHECK(read_outcome(R"({"error":{"status":200}})", what) == errc::malformed);
}
