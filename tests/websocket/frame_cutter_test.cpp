#include "flamigo/websocket/detail/frame_cutter.hpp"

#include <limits>

#include <catch2/catch_test_macros.hpp>

#include "support/client_frame.hpp"

using flamigo::detail::frame_cutter;
using namespace flamigo::test;

namespace {

constexpr std::size_t any_size = 1 << 20;
constexpr auto huge = std::numeric_limits<std::uint64_t>::max();

/// Asks for a frame's size and goes on behind it.
std::uint64_t cut(frame_cutter& uut, int bits, std::uint64_t payload) {
  auto result = uut.size(frame_header(bits, payload));
  uut.next();
  return result;
}

/// Whether the message is refused at this frame.
bool refuses(frame_cutter& uut, int bits, std::uint64_t payload) {
  cut(uut, bits, payload);
  return uut.refused();
}

} // namespace

TEST_CASE("the size of a frame is found in all three forms") {
  frame_cutter uut{any_size};
  CHECK(cut(uut, fin | opcode::text, 0) == 6);
  CHECK(cut(uut, fin | opcode::text, 125) == 6 + 125);
  CHECK(cut(uut, fin | opcode::text, 126) == 8 + 126);
  CHECK(cut(uut, fin | opcode::text, 65'535) == 8 + 65'535);
  CHECK(cut(uut, fin | opcode::text, 65'536) == 14 + 65'536);
  CHECK_FALSE(uut.refused());
}

TEST_CASE("a frame without a mask has a shorter header") {
  frame_cutter uut{any_size};
  CHECK(uut.size(std::string_view{"\x81\x05", 2}) == 2 + 5);
  uut.next();
  CHECK(uut.size(std::string_view{"\x81\x7e\x01\x00", 4}) == 4 + 256);
}

TEST_CASE("a length may be longer than it has to be") {
  frame_cutter uut{any_size};
  CHECK(uut.size(std::string_view{"\x81\xfe\x00\x05", 4}) == 8 + 5);
  uut.next();
  CHECK(uut.size(std::string_view{"\x81\xff\0\0\0\0\0\0\0\x05", 10}) == 14 + 5);
}

TEST_CASE("a header that is cut at any byte is waited for") {
  for (std::uint64_t payload : {5u, 126u, 65'536u}) {
    auto whole = frame_header(fin | opcode::text, payload);
    // The mask is not needed to know the size.
    auto needed = whole.size() - 4;
    frame_cutter uut{any_size};
    for (std::size_t n = 0; n < needed; ++n)
      CHECK(uut.size({whole.data(), n}) == 0);
    for (auto n = needed; n <= whole.size(); ++n)
      CHECK(uut.size({whole.data(), n}) == whole.size() + payload);
  }
}

TEST_CASE("asking twice does not count twice") {
  frame_cutter uut{10};
  auto bytes = frame_header(opcode::text, 6);
  CHECK(uut.size(bytes) == 12);
  CHECK(uut.size(bytes) == 12);
  uut.next();
  CHECK_FALSE(refuses(uut, fin | opcode::continuation, 4));
}

TEST_CASE("a message of just the limit passes, one byte more does not") {
  frame_cutter uut{1000};
  CHECK_FALSE(refuses(uut, fin | opcode::text, 1000));
  CHECK(refuses(uut, fin | opcode::text, 1001));
  CHECK_FALSE(refuses(uut, fin | opcode::text, 1000));
}

TEST_CASE("fragments are counted together") {
  frame_cutter uut{10};
  CHECK_FALSE(refuses(uut, opcode::text, 4));
  CHECK_FALSE(refuses(uut, opcode::continuation, 6));
  CHECK_FALSE(refuses(uut, fin | opcode::continuation, 0));
  CHECK_FALSE(refuses(uut, opcode::text, 4));
  CHECK_FALSE(refuses(uut, opcode::continuation, 4));
  CHECK(refuses(uut, opcode::continuation, 3));
  // All that is left of the message, however small.
  CHECK(refuses(uut, opcode::continuation, 1));
  CHECK(refuses(uut, fin | opcode::continuation, 0));
  CHECK_FALSE(refuses(uut, fin | opcode::text, 10));
}

TEST_CASE("control frames between fragments are not counted") {
  frame_cutter uut{10};
  CHECK_FALSE(refuses(uut, opcode::text, 5));
  CHECK(cut(uut, fin | opcode::ping, 125) == 6 + 125);
  CHECK_FALSE(uut.refused());
  CHECK_FALSE(refuses(uut, opcode::continuation, 5));
  CHECK_FALSE(refuses(uut, fin | opcode::ping, 0));
  CHECK(refuses(uut, fin | opcode::continuation, 1));
  // Still passed while the message around it is dropped.
  CHECK_FALSE(refuses(uut, fin | opcode::close, 2));
}

TEST_CASE("a control frame that is too long is not waited for") {
  frame_cutter uut{any_size};
  CHECK(cut(uut, fin | opcode::ping, 126) == 8);
  CHECK(cut(uut, fin | opcode::ping, huge) == 14);
  CHECK_FALSE(uut.refused());
}

TEST_CASE("no length overflows the size of a frame or the count of a message") {
  frame_cutter uut{10};
  for (std::uint64_t less = 0; less < 20; ++less) {
    CHECK(cut(uut, opcode::text, huge - less) > huge - 20);
    CHECK(uut.refused());
  }
  CHECK(refuses(uut, opcode::continuation, huge));
  CHECK(refuses(uut, fin | opcode::continuation, 12));
  CHECK_FALSE(refuses(uut, opcode::text, 1));
  CHECK(refuses(uut, opcode::continuation, huge));
}
