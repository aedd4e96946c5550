#include "flamigo/socketio/detail/socket_io_format.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/wire/client_request.hpp"
#include "flamigo/wire/decoding_space.hpp"
#include "flamigo/wire/envelope.hpp"

using namespace flamigo;

namespace {

const auto& theirs = detail::socket_io_format();

} // namespace

TEST_CASE("the arguments of an event are the payload of a request") {
  struct row {
    std::string_view frame;
    std::string_view topic;
    std::string_view payload;
    std::string_view ack_id;
  };
  for (auto& [frame, topic, payload, ack_id] : {
         row{R"(2["a"])", "a", "null", ""},
         row{R"(20["a",{"x":1}])", "a", R"({"x":1})", "0"},
         row{R"(27["a","t"])", "a", R"("t")", "7"},
         row{R"(27[ "a" , 1 , [2,3] ,"]"])", "a", R"([1 , [2,3] ,"]"])", "7"},
         row{R"(2["a\u0062",1,2])", "ab", "[1,2]", ""},
         row{R"(27["a",1,{"stream":"s1"}])", "a", "1", R"("s1"7)"},
         row{R"(27["\u0061",1,{"stream":"s1"}])", "a", "1", R"("s1"7)"},
         row{R"(2["a",1,{"stream":"s1"}])", "a", "1", ""},
         row{R"(27["a",{"stream":"s1"}])", "a", R"({"stream":"s1"})", "7"},
         row{R"(27["a",1,{"stream":1}])", "a", R"([1,{"stream":1}])", "7"},
         row{R"(27["a",1,{"stream":"s","x":1}])", "a",
             R"([1,{"stream":"s","x":1}])", "7"},
         row{R"(27["a",1,2,{"stream":"s"}])", "a", R"([1,2,{"stream":"s"}])",
             "7"},
       }) {
    CAPTURE(frame);
    decoding_space space;
    client_request req;
    REQUIRE(!theirs.decode(frame, space, req));
    CHECK(req.topic == topic);
    CHECK(req.payload == payload);
    CHECK(req.ack_id == ack_id);
    CHECK_FALSE(req.is_answer);
    if (req.payload_tokens != nullptr)
      CHECK(req.payload_tokens->slice() == payload);
  }
}

TEST_CASE("what is no event is malformed, and answered if it can be") {
  struct row {
    std::string_view frame;
    std::string_view ack_id;
  };
  for (auto& [frame, ack_id] : {
         row{"", ""},
         row{"0", ""},
         row{R"(2/x,["a"])", ""},
         row{"2[]", ""},
         row{"27[1]", "7"},
         row{R"(27[""])", "7"},
         row{R"(27["a")", "7"},
         row{R"(27["connect"])", "7"},
         row{R"(27["dis\u0063onnect"])", "7"},
         row{R"(2["newListener",1])", ""},
         row{R"(51-["a"])", ""},
       }) {
    CAPTURE(frame);
    decoding_space space;
    client_request req;
    auto why = theirs.decode(frame, space, req);
    CHECK(why == errc::malformed);
    CHECK_FALSE(public_message(why).empty());
    CHECK(req.ack_id == ack_id);
  }
}

TEST_CASE("an acknowledgement answers what the server has asked") {
  decoding_space space;
  client_request req;
  client_answer what;
  REQUIRE(!theirs.decode(R"(37[{"payload":[1]}])", space, req));
  CHECK(req.is_answer);
  REQUIRE(!theirs.read_answer(R"(37[{"payload":[1]}])", what));
  CHECK(what.request_id == "7");
  CHECK(what.payload == "[1]");
  REQUIRE(!theirs.read_answer(R"(38[{"error":{"status":409}}])", what));
  CHECK(status_of(what.failure) == 409);
  for (auto bad : {"37[]", "37[1]", "37[{},{}]", "37[{}",
                   R"(37[{"payload":1,"error":{}}])"})
    CHECK(theirs.read_answer(bad, what) == errc::malformed);
}

TEST_CASE("what the server says is a packet") {
  std::string out;
  theirs.begin_response(out, "a", "7");
  out += "[1]";
  theirs.end_response(out, "7");
  CHECK(out == R"(37[{"payload":[1]}])");
  out.clear();
  theirs.append_part(out, "a", "1", R"("s1"7)");
  CHECK(out == R"(2["stream",{"id":"s1","payload":1}])");
  out.clear();
  theirs.begin_response(out, "a", R"("s1"7)");
  CHECK(out == R"(37[{"payload":)");
  out.clear();
  theirs.append_event(out, "a\"", "1");
  CHECK(out == R"(2["a\"",1])");
  out.clear();
  theirs.append_question(out, "a", "1", "3");
  CHECK(out == R"(23["a",1])");
  out.clear();
  auto why = make_error(errc::conflict, "taken");
  theirs.append_error(out, why, R"("s1"7)", false);
  CHECK(out
        == R"(37[{"error":{"message":"taken","status":409,)"
           R"("code":"conflict"}}])");
  out.clear();
  theirs.append_error(out, why, {}, false);
  CHECK(out
        == R"(2["error",{"message":"taken","status":409,"code":"conflict"}])");
}

TEST_CASE("a stream is known by its name") {
  CHECK(theirs.names_streams());
  CHECK(theirs.takes_parts(R"("s1"7)"));
  CHECK_FALSE(theirs.takes_parts("7"));
  CHECK_FALSE(theirs.takes_parts({}));
  CHECK(theirs.is_named(R"("s1"7)", R"("s\u0031")"));
  CHECK_FALSE(theirs.is_named(R"("s1"7)", R"("s2")"));
  CHECK_FALSE(theirs.is_named("7", "7"));
}
