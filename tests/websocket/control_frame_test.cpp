#include "flamigo/websocket/detail/control_frame.hpp"

#include <catch2/catch_test_macros.hpp>

#include "flamigo/websocket/detail/frame_bits.hpp"

using namespace flamigo::detail;

TEST_CASE("a control frame is written whole") {
  std::string output;
  append_control_frame(output, frame_bits::pong, "yes");
  CHECK(output == "\x8a\x03yes");
  output.clear();
  append_control_frame(output, frame_bits::ping, {});
  CHECK(output == std::string{"\x89\0", 2});
}
