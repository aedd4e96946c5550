// What a client reads when memory ran short while a frame was made: the actor
// goes on, and so does everybody who shares the deflater.

#include <string>

#include <boost/beast/zlib/inflate_stream.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/bus/detail/typed_event.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/frame_deflater.hpp"
#include "flamigo/websocket/detail/server_frame.hpp"
#include "support/events.hpp"
#include "support/memory_shortage.hpp"

using namespace flamigo;
using namespace flamigo::detail;
using test::fails_with;

namespace {

namespace zlib = boost::beast::zlib;

std::string numbers(char first, int count) {
  std::string result;
  for (int i = 0; i < count; ++i)
    result += first + std::to_string(i * i) + ',';
  return result;
}

std::string framed(frame_deflater& what, const std::string& text) {
  std::string result;
  what.append(result, text);
  return result;
}

/// Of a compressed frame of less than 64 KB.
std::string read_as(zlib::inflate_stream& stream, const std::string& frame) {
  REQUIRE(frame.size() > 4);
  auto payload = frame.substr(frame[1] == 126 ? 4 : 2)
                 + std::string{"\0\0\xff\xff", 4};
  std::string result(10'000, '\0');
  zlib::z_params params;
  params.next_in = payload.data();
  params.avail_in = payload.size();
  params.next_out = result.data();
  params.avail_out = result.size();
  boost::beast::error_code ec;
  stream.write(params, zlib::Flush::sync, ec);
  REQUIRE((!ec || ec == zlib::error::need_buffers));
  REQUIRE(params.avail_in == 0);
  result.resize(params.total_out);
  return result;
}

} // namespace

TEST_CASE("a frame for which there is no memory is not begun") {
  std::string payload(1'000, 'x');
  // There is room for its header.
  std::string to;
  CHECK(fails_with(0, [&] { append_frame(to, frame_bits::text, payload); }));
  CHECK(to.empty());
}

TEST_CASE("nobody reads another text because memory ran short") {
  auto small = numbers('a', 100);
  auto large = numbers('b', 900);
  frame_deflater other{15, false};
  auto of_small = framed(other, small);
  auto of_large = framed(other, large);
  for (int n = 0;; ++n) {
    frame_deflater deflater{15, false};
    CHECK(framed(deflater, small) == of_small);
    std::string out;
    if (!fails_with(n, [&] { deflater.append(out, large); })) {
      CHECK(out == of_large);
      CHECK(n > 1);
      break;
    }
    CHECK(out.empty());
    CHECK(framed(deflater, small) == of_small);
    CHECK(framed(deflater, large) == of_large);
  }
}

TEST_CASE("no message builds on one that memory ran short for") {
  auto text = numbers('b', 200);
  for (int n = 0;; ++n) {
    frame_deflater deflater{15, true};
    zlib::inflate_stream client;
    auto reads = [&](const std::string& what) {
      CHECK(read_as(client, framed(deflater, what)) == what);
    };
    reads(numbers('a', 100));
    std::string out;
    if (!fails_with(n, [&] { deflater.append(out, text); })) {
      CHECK(read_as(client, out) == text);
      CHECK(n > 0);
      break;
    }
    CHECK(out.empty());
    reads(text);
    reads(numbers('a', 100));
  }
}

TEST_CASE("an event that memory ran short for is told whole") {
  test::posted content{"a", std::string(5'000, 'x')};
  auto whole = (*make_event(content, {}))->client_frame();
  for (int n = 0;; ++n) {
    auto what = *make_event(content, {});
    auto fails = fails_with(n, [&] { (void) what->client_frame(); });
    CHECK(what->client_frame() == whole);
    if (!fails) {
      CHECK(n > 0);
      break;
    }
  }
}

TEST_CASE("a large text is compressed once a turn, and not kept for longer") {
  auto text = numbers('a', 20'000);
  frame_deflater deflater{15, false};
  std::string out;
  out.reserve(5 * text.size());
  // Without memory it cannot be compressed, but copied.
  auto is_known = [&] {
    return !fails_with(0, [&] { deflater.append(out, text); });
  };
  CHECK_FALSE(is_known());
  deflater.append(out, text);
  CHECK(is_known());
  CHECK(deflater.is_laden());
  deflater.flush();
  CHECK_FALSE(deflater.is_laden());
  CHECK_FALSE(is_known());
}
