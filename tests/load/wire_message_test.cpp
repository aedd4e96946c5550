#include "wire_message.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::load;

TEST_CASE("members are found in any order, with any spaces") {
  for (auto text :
       {R"({"topic":"a","payload":{"b":[1,{"c":"}"}]},"ackId":"7"})",
        R"({ "ackId": "7", "payload":{"b":[1,{"c":"}"}]},
                         "more": [{}], "topic" : "a" })"}) {
    auto x = read_wire_message(text);
    REQUIRE(x);
    CHECK(x->topic == "a");
    CHECK(x->payload == R"({"b":[1,{"c":"}"}]})");
    CHECK(x->ack_id == "7");
  }
}

TEST_CASE("quotes and backslashes in texts do not end them") {
  auto x
    = read_wire_message(R"({"topic":"a\"b\\","payload":"\\\"}","ackId":7})");
  REQUIRE(x);
  CHECK(x->topic == R"(a\"b\\)");
  CHECK(x->payload == R"("\\\"}")");
  CHECK(x->ack_id == "7");
}

TEST_CASE("an event has no ackId") {
  auto x = read_wire_message(R"({"topic":"a","payload":null})");
  REQUIRE(x);
  CHECK(x->payload == "null");
  CHECK(x->ack_id.empty());
}

TEST_CASE("what ends too early or goes on too long is no message") {
  std::string_view text = R"({"topic":"a","payload":{"b":"c"},"ackId":"7"})";
  for (std::size_t cut = 0; cut < text.size(); ++cut)
    CHECK_FALSE(read_wire_message(text.substr(0, cut)));
  CHECK_FALSE(read_wire_message(std::string{text} + "}"));
  CHECK_FALSE(read_wire_message("[]"));
  CHECK_FALSE(read_wire_message(R"({"topic"})"));
}
