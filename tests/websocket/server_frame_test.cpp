#include "flamigo/websocket/detail/server_frame.hpp"

#include <catch2/catch_test_macros.hpp>

#include "flamigo/websocket/detail/frame_bits.hpp"

using namespace flamigo::detail;

namespace {

std::string frame_of(std::uint8_t opcode, std::string_view payload) {
  std::string result;
  append_frame(result, opcode, payload);
  return result;
}

} // namespace

TEST_CASE("a frame is written whole") {
  CHECK(frame_of(frame_bits::pong, "yes") == "\x8a\x03yes");
  CHECK(frame_of(frame_bits::ping, {}) == std::string{"\x89\0", 2});
  std::string output{"before"};
  append_frame(output, frame_bits::text, "{}");
  CHECK(output == "before\x81\x02{}");
}

TEST_CASE("a frame of parts is that of the whole") {
  for (std::size_t size : {0u, 3u, 125u, 126u, 70'000u}) {
    std::string part(size, 'x');
    std::string output{"before"};
    append_frame(output, frame_bits::text, {"4", part, {}, part});
    CHECK(output == "before" + frame_of(frame_bits::text, "4" + part + part));
  }
}

TEST_CASE("the length of a frame takes as few bytes as it can") {
  auto header = [](std::size_t size) {
    std::string payload(size, 'x');
    auto whole = frame_of(frame_bits::text, payload);
    REQUIRE(whole.ends_with(payload));
    return whole.substr(0, whole.size() - size);
  };
  CHECK(header(125) == "\x81\x7d");
  CHECK(header(126) == std::string{"\x81\x7e\0\x7e", 4});
  CHECK(header(65'535) == "\x81\x7e\xff\xff");
  CHECK(header(65'536) == std::string{"\x81\x7f\0\0\0\0\0\x01\0\0", 10});
}
