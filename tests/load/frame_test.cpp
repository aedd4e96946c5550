#include "frame.hpp"

#include <catch2/catch_test_macros.hpp>

#include "support/client_frame.hpp"

using namespace flamigo::load;

namespace {

// A server's frame: a client's without the mask.
std::string server_frame(int bits, std::string_view payload) {
  auto result = flamigo::test::frame_header(bits, payload.size());
  result.resize(result.size() - 4);
  result[1] = static_cast<char>(result[1] & 0x7F);
  return result.append(payload);
}

} // namespace

TEST_CASE("a frame is taken whatever form its size has") {
  for (std::size_t size : {0u, 1u, 125u, 126u, 127u, 65535u, 65536u, 131072u}) {
    std::string payload(size, 'x');
    auto sent = server_frame(0x81, payload) + "rest";
    std::string_view bytes = sent;
    frame x;
    REQUIRE(take_frame(bytes, x) == frame_status::complete);
    CHECK(x.code == opcode::text);
    CHECK(x.fin);
    CHECK(x.payload == payload);
    CHECK(bytes == "rest");
  }
}

TEST_CASE("what is cut off anywhere is partial and stays") {
  for (std::size_t size : {0u, 125u, 300u, 70000u}) {
    auto sent = server_frame(0x81, std::string(size, 'x'));
    auto header = sent.size() - size;
    for (std::size_t cut = 0; cut < sent.size(); cut += cut < header ? 1 : 97) {
      auto bytes = std::string_view{sent}.substr(0, cut);
      frame x;
      CHECK(take_frame(bytes, x) == frame_status::partial);
      CHECK(bytes.size() == cut);
    }
  }
}

TEST_CASE("control frames and fragments are told apart") {
  auto sent = server_frame(0x01, "a") + server_frame(0x80, "b")
              + server_frame(0x89, "c") + server_frame(0x88, "\x03\xE8");
  std::string_view bytes = sent;
  frame x;
  REQUIRE(take_frame(bytes, x) == frame_status::complete);
  CHECK_FALSE(x.fin);
  REQUIRE(take_frame(bytes, x) == frame_status::complete);
  CHECK(x.code == opcode::continuation);
  REQUIRE(take_frame(bytes, x) == frame_status::complete);
  CHECK(x.code == opcode::ping);
  REQUIRE(take_frame(bytes, x) == frame_status::complete);
  CHECK(x.code == opcode::close);
  CHECK(x.payload.size() == 2);
  CHECK(bytes.empty());
}

TEST_CASE("what no server may send is invalid") {
  frame x;
  std::string masked = flamigo::test::frame(0x81, "hi");
  std::string compressed = server_frame(0xC1, "hi");
  std::string endless("\x81\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10);
  for (std::string_view bytes : {masked, compressed, endless})
    CHECK(take_frame(bytes, x) == frame_status::invalid);
}

TEST_CASE("a client's frame has the shortest form and a mask key of zero") {
  for (std::size_t size : {0u, 125u, 126u, 65535u, 65536u}) {
    std::string payload(size, 'x');
    std::string out;
    append_frame(out, opcode::text, payload);
    CHECK(out == flamigo::test::frame(0x81, payload));
  }
}
