// Clients that say much and take nothing: what waits stays bounded, whoever has
// written it, and the others are served.

#include <string>

#include <boost/beast/zlib/deflate_stream.hpp>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/strategy/strategy_registry.hpp"
#include "support/client_frame.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace flamigo::test;

namespace {

constexpr std::string_view pong_header = "\x8a";

struct fixture : socket_fixture {
  fixture() {
    strategies.add("app::test:echo", [](const raw_json& in) { return in; });
  }
};

std::string ping(const std::string& payload) {
  return frame(fin | opcode::ping, payload);
}

} // namespace

TEST_CASE("a ping is answered with what it carries") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  peer.send_bytes(ping("are you there?"));
  f.settle();
  CHECK(peer.received()
        == "\x8a\x0e"
           "are you there?");
  peer.send_bytes(ping(""));
  f.settle();
  CHECK(peer.received() == std::string{"\x8a\0", 2});
}

TEST_CASE("a few pings are answered one by one") {
  // Which nobody has to (RFC 6455, 5.5.3), but some count on it.
  fixture f;
  socket_pair peer;
  f.connect(peer);
  peer.send_bytes(ping("a") + ping("b") + ping("c"));
  f.settle();
  CHECK(peer.received()
        == "\x8a\x01"
           "a\x8a\x01"
           "b\x8a\x01"
           "c");
}

TEST_CASE("of many pings some are answered, the latest always") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  std::string many;
  for (int i = 0; i < 60; ++i)
    many += ping(std::string(100, 'x') + std::to_string(i));
  peer.send_bytes(many);
  f.settle();
  auto heard = peer.received();
  CHECK(heard.size() < 3'000);
  CHECK(contains(heard, "x0"));
  CHECK(heard.ends_with("x59"));
}

TEST_CASE("pings between the fragments of a message are answered") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  auto text = call("app::test:echo", "1");
  peer.send_bytes(frame(opcode::text, text.substr(0, 10)) + ping("x")
                  + frame(fin | opcode::continuation, text.substr(10)));
  f.settle();
  auto heard = peer.received();
  CHECK(contains(heard, "\x8a\x01x"));
  CHECK(contains(heard, replied("app::test:echo", "1")));
}

TEST_CASE("pongs that nobody takes do not pile up") {
  fixture f;
  socket_pair peer;
  f.connect(peer);
  auto many = std::string{};
  while (many.size() < 60'000)
    many += ping(std::string(100, 'x'));
  // Far more than the sockets between the two can hold.
  for (int i = 0; i < 200; ++i) {
    peer.send_bytes(many);
    f.settle();
  }
  // About what fits into the sockets; nothing was kept beside.
  std::string heard;
  for (std::string more; f.settle(), !(more = peer.received()).empty();)
    heard += more;
  CHECK(heard.size() < 500'000);
  peer.send_text(call("app::test:echo", "1"));
  f.settle();
  CHECK(contains(peer.received(), replied("app::test:echo", "1")));
}

TEST_CASE("nothing is said behind the close frame of either side") {
  // RFC 6455, 5.5.1 and 5.5.2
  fixture f;
  socket_pair peer;
  f.connect(peer);
  std::string bye = "\x03\xe8";
  peer.send_bytes(ping("a") + frame(fin | opcode::close, bye) + ping("b"));
  f.settle();
  CHECK(peer.received()
        == "\x8a\x01"
           "a\x88\x02"
             + bye);
}

TEST_CASE("a socket that takes nothing gets one pong when it does again") {
  fixture f;
  f.strategies.add("app::test:much", [] { return std::string(900'000, 'x'); });
  socket_pair peer;
  f.connect(peer);
  peer.send_text(call("app::test:much"));
  f.settle();
  for (int i = 0; i < 10'000; ++i) {
    peer.send_bytes(ping(std::to_string(i)));
    if (i % 100 == 0)
      f.settle();
  }
  std::string heard;
  for (std::string more; f.settle(), !(more = peer.received()).empty();)
    heard += more;
  CHECK(heard.size() < 901'000);
  CHECK(heard.ends_with("\x8a\x04"
                        "9999"));
}

TEST_CASE("a flood of pings does not hold up a neighbour") {
  fixture f;
  socket_pair loud;
  socket_pair quiet;
  f.connect(loud);
  f.connect(quiet);
  std::string many;
  while (many.size() < 60'000)
    many += ping("");
  loud.send_bytes(many);
  quiet.send_text(call("app::test:echo", "1"));
  // Within one step of the loop.
  f.loop.context().poll_one();
  f.loop.context().restart();
  CHECK(contains(quiet.received(), replied("app::test:echo", "1")));
  f.settle();
}

namespace {

/// As one frame of permessage-deflate (RFC 7692, 7.2.1).
std::string compress(const std::string& text) {
  namespace zlib = boost::beast::zlib;
  zlib::deflate_stream stream;
  std::string result(text.size() + 100, '\0');
  zlib::z_params params;
  params.next_in = text.data();
  params.avail_in = text.size();
  params.next_out = result.data();
  params.avail_out = result.size();
  boost::beast::error_code ec;
  stream.write(params, zlib::Flush::sync, ec);
  result.resize(params.total_out - 4);
  return frame(fin | compressed | opcode::text, result);
}

} // namespace

TEST_CASE("the socket is not read while what came waits for the stream") {
  fixture f;
  f.core.options.compression = true;
  f.core.options.max_message_bytes = 10'000'000;
  f.strategies.add("app::test:size",
                   [](const std::string& in) { return in.size(); });
  socket_pair peer;
  f.accept(peer);
  peer.upgrade("Sec-WebSocket-Extensions: permessage-deflate\r\n");
  f.settle();
  REQUIRE(contains(peer.received(), "permessage-deflate"));
  // The stream reads a large message in many steps, each of them by way of the
  // loop. Meanwhile all that comes behind it waits.
  constexpr std::size_t size = 5'000'000;
  peer.send_bytes(
    compress(call("app::test:size", '"' + std::string(size, 'x') + '"', 1)));
  std::string text;
  while (text.size() < 4'000)
    text += frame(fin | opcode::text, call("app::test:echo", "2", 2));
  std::size_t count = 0;
  std::size_t steps = 0;
  while (f.loop.context().poll_one() > 0) {
    f.loop.context().restart();
    // Until the sockets between the two are full: then nobody reads.
    while (peer.try_send(text))
      ++count;
    if (++steps == 60)
      break;
  }
  CHECK(steps == 60);
  // About what these sockets hold; the server keeps no more than two reads.
  CHECK(count * text.size() < 600'000);
  std::string heard;
  for (std::string more; f.settle(), !(more = peer.received()).empty();)
    heard += more;
  // All of it was served in the end, in order.
  CHECK(heard.size() > count);
}
