#include "flamigo/websocket/detail/frame_deflater.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

#include <boost/beast/zlib/inflate_stream.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "flamigo/websocket/detail/frame_bits.hpp"

using namespace flamigo;
using namespace flamigo::detail;

namespace {

namespace zlib = boost::beast::zlib;

/// As a client does that has just connected: first byte and payload of a frame
/// that is not masked.
std::pair<int, std::string> take_apart(const std::string& frame) {
  auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(frame.at(i));
  };
  std::size_t size = byte(1);
  std::size_t header = 2;
  if (size >= 126) {
    auto bytes = size == 126 ? 2U : 8U;
    size = 0;
    for (; header < 2 + bytes; ++header)
      size = size * 256 + byte(header);
  }
  REQUIRE(frame.size() == header + size);
  return {byte(0), frame.substr(header)};
}

std::string inflate(zlib::inflate_stream& stream, std::string payload) {
  payload.append("\0\0\xff\xff", 4);
  std::string result;
  zlib::z_params params;
  params.next_in = payload.data();
  params.avail_in = payload.size();
  do {
    auto before = result.size();
    result.resize(before + 10'000);
    params.next_out = result.data() + before;
    params.avail_out = 10'000;
    boost::beast::error_code ec;
    stream.write(params, zlib::Flush::sync, ec);
    REQUIRE((!ec || ec == zlib::error::need_buffers));
    result.resize(before + 10'000 - params.avail_out);
  } while (params.avail_in > 0 || params.avail_out == 0);
  return result;
}

std::string text_of(const std::string& frame, int window_bits = 15) {
  auto [first, payload] = take_apart(frame);
  if (first == (frame_bits::fin | frame_bits::text))
    return payload;
  CHECK(first == (frame_bits::fin | frame_bits::compressed | frame_bits::text));
  zlib::inflate_stream stream;
  stream.reset(window_bits);
  return inflate(stream, payload);
}

std::string frame_of(frame_deflater& what, const std::string& text) {
  std::string result;
  what.append(result, text);
  return result;
}

/// A text that can be compressed, but not to nothing.
std::string words(std::mt19937& random, std::size_t size) {
  std::string result;
  while (result.size() < size)
    result += "\"word " + std::to_string(random() % 50) + "\",";
  result.resize(size);
  return result;
}

} // namespace

TEST_CASE("a client that has just come reads every compressed text") {
  std::mt19937 random{1};
  frame_deflater deflater{15, false};
  for (auto size : std::vector<std::size_t>{0, 1, 100, 1'000, 65'535, 65'536,
                                            65'537, 200'000}) {
    auto text = words(random, size);
    auto frame = frame_of(deflater, text);
    CHECK(text_of(frame) == text);
    if (size >= 1'000)
      CHECK(frame.size() < size / 2);
  }
}

TEST_CASE("the same text gives the same frame, behind whatever was there") {
  std::mt19937 random{2};
  frame_deflater deflater{15, false};
  auto text = words(random, 500);
  auto other = words(random, 500);
  auto first = frame_of(deflater, text);
  std::string out = "before";
  deflater.append(out, text);
  CHECK(out == "before" + first);
  CHECK(text_of(frame_of(deflater, other)) == other);
  CHECK(frame_of(deflater, text) == first);
}

TEST_CASE("what would become longer is sent as it is") {
  frame_deflater deflater{15, false};
  for (auto text : {"", "{}", "null"})
    CHECK(
      take_apart(frame_of(deflater, text))
      == std::pair<int, std::string>{frame_bits::fin | frame_bits::text, text});
  std::mt19937 random{3};
  std::string noise;
  for (int i = 0; i < 50'000; ++i)
    noise += static_cast<char>(random());
  CHECK(take_apart(frame_of(deflater, noise)).second == noise);
}

TEST_CASE("no frame looks back further than its window") {
  auto bits = GENERATE(range(9, 16));
  std::mt19937 random{4};
  frame_deflater deflater{bits, false};
  for (int i = 0; i < 20; ++i) {
    auto text = words(random, 100 + random() % 40'000);
    CHECK(text_of(frame_of(deflater, text), bits) == text);
  }
}

TEST_CASE("a text that says nothing is a message as well") {
  auto has_context = GENERATE(false, true);
  frame_deflater deflater{15, has_context};
  zlib::inflate_stream stream;
  for (std::string text : {"", "", "some words, some words", "", ""}) {
    auto [first, payload] = take_apart(frame_of(deflater, text));
    if (has_context)
      CHECK(inflate(stream, payload) == text);
    else
      CHECK(text_of(frame_of(deflater, text)) == text);
  }
}

TEST_CASE("a client's own deflater builds on what was sent before") {
  auto bits = GENERATE(range(9, 16));
  std::mt19937 random{5};
  frame_deflater deflater{bits, true};
  zlib::inflate_stream stream;
  stream.reset(bits);
  auto again = words(random, 400);
  for (int i = 0; i < 50; ++i) {
    auto text = i % 2 == 0 ? again : words(random, random() % 3'000);
    auto [first, payload] = take_apart(frame_of(deflater, text));
    CHECK(first
          == (frame_bits::fin | frame_bits::compressed | frame_bits::text));
    CHECK(inflate(stream, payload) == text);
    if (i == 1)
      again = text;
    if (i == 2)
      CHECK(payload.size() < (bits > 12 ? 20 : 3'000));
  }
}
