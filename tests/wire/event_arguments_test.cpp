#include "flamigo/wire/event_arguments.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/wire/envelope.hpp"

using namespace flamigo;

namespace {

std::string of_frame(std::string_view topic, std::string_view payload,
                     bool with_offsets) {
  std::string frame;
  append_event(frame, topic, payload);
  auto base = frame.size() - 1;
  if (with_offsets) {
    frame.pop_back();
    append_offset(frame, "rooms/1", 7, true);
    append_offset(frame, "rooms/2", 8, false);
    frame += "}}";
  }
  std::string result = "42";
  append_frame_arguments(result, frame, base);
  return result;
}

std::string of_parts(std::string_view topic, std::string_view payload) {
  std::string result = "42";
  append_event_arguments(result, topic, payload);
  return result;
}

} // namespace

TEST_CASE("an event's arguments are the same from its parts and its frame") {
  for (auto topic :
       {"chat:message", "", "\"", "a\\", "\\\"\n\xC3\xA9", ",\"payload\":"})
    for (auto payload : {"null", R"({"text":"}],\"payload\":"})", "[1,[2]]"})
      CHECK(of_frame(topic, payload, false) == of_parts(topic, payload));
  CHECK(of_parts("a\"b", "[1]") == R"(42["a\"b",[1]])");
}

TEST_CASE("offsets are one argument more") {
  CHECK(of_frame("a", R"({"x":"}"})", true)
        == R"(42["a",{"x":"}"},{"offsets":{"rooms/1":7,"rooms/2":8}}])");
}
