#include "flamigo/websocket/detail/buffered_layer.hpp"

#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/websocket/detail/frame_bits.hpp"
#include "support/client_frame.hpp"

using namespace flamigo::detail;
using namespace flamigo::test;

namespace {

using texts = std::vector<std::string>;

/// Both ends of a layer: its owner, and a stream that reads from it.
struct fixture : buffered_layer::owner {
  virtual ~fixture() = default;

  void output_ready() override {
    ++ready;
  }

  void input_wanted() override {
    ++wanted;
  }

  void frames_left() override {
    ++left;
  }

  void message_refused() override {
    ++refused;
  }

  void message_corrupt() override {
    ++corrupt;
  }

  void closed(std::string_view payload) override {
    closes.emplace_back(payload);
  }

  void pinged(std::string_view payload) override {
    pings.emplace_back(payload);
  }

  void read(std::size_t capacity = 256) {
    layer.async_read_some(net::buffer(buffer, capacity),
                          [this, capacity](error_code ec, std::size_t size) {
                            failure = ec;
                            if (ec)
                              return;
                            reads.emplace_back(buffer, size);
                            if (greedy)
                              read(capacity);
                          });
  }

  net::io_context context;
  std::string output;
  buffered_layer layer{context.get_executor(), *this, output, 10};
  char buffer[256];
  /// Whether the stream reads on at once.
  bool greedy = true;
  texts reads;
  texts pings;
  texts closes;
  error_code failure;
  int ready = 0;
  int wanted = 0;
  int left = 0;
  int refused = 0;
  int corrupt = 0;
};

const auto one = frame(fin | opcode::text, "one");
const auto two = frame(fin | opcode::text, "more");

} // namespace

TEST_CASE_METHOD(fixture, "frames that come together are read one by one") {
  read();
  layer.feed(one + two + one);
  CHECK(reads == texts{one, two, one});
  CHECK(layer.stashed() == 0);
  CHECK(wanted == 0);
}

TEST_CASE("a frame that is cut at any byte is read whole") {
  auto both = one + two;
  for (std::size_t n = 1; n < both.size(); ++n) {
    fixture uut;
    uut.read();
    uut.layer.feed({both.data(), n});
    CHECK(uut.reads == (n < one.size() ? texts{} : texts{one}));
    CHECK(uut.layer.stashed() == (n < one.size() ? n : n - one.size()));
    uut.layer.feed(std::string_view{both}.substr(n));
    CHECK(uut.reads == texts{one, two});
    CHECK(uut.layer.stashed() == 0);
  }
}

TEST_CASE_METHOD(fixture, "a small buffer reads portions of one frame only") {
  read(4);
  layer.feed(one + two);
  CHECK(reads
        == texts{one.substr(0, 4), one.substr(4, 4), one.substr(8),
                 two.substr(0, 4), two.substr(4, 4), two.substr(8)});
}

TEST_CASE_METHOD(fixture, "frames wait for the stream to read") {
  greedy = false;
  layer.feed(one);
  CHECK(layer.stashed() == one.size());
  read();
  CHECK(wanted == 1);
  CHECK(reads.empty());
  layer.feed(two);
  CHECK(reads == texts{one});
  CHECK(layer.stashed() == two.size());
  read();
  CHECK(wanted == 2);
  layer.feed({});
  CHECK(reads == texts{one, two});
  CHECK(layer.stashed() == 0);
}

TEST_CASE_METHOD(fixture, "a message over the limit is dropped as it comes") {
  read();
  auto large = frame(opcode::text, std::string(200, 'x'));
  layer.feed(large.substr(0, 50));
  CHECK(refused == 1);
  CHECK(layer.stashed() == 0);
  layer.feed(large.substr(50) + frame(fin | opcode::ping, "x"));
  CHECK(pings == texts{"x"});
  // The rest of it, too.
  layer.feed(frame(fin | opcode::continuation, "x") + one);
  CHECK(refused == 2);
  CHECK(reads == texts{one});
}

TEST_CASE("a length near 2^64 keeps no bytes") {
  for (std::uint64_t less = 0; less < 20; ++less) {
    fixture uut;
    uut.read();
    uut.layer.feed(frame_header(fin | opcode::text, ~less));
    uut.layer.feed(one);
    CHECK(uut.refused == 1);
    CHECK(uut.reads.empty());
    CHECK(uut.layer.stashed() == 0);
  }
}

TEST_CASE_METHOD(fixture, "pings and pongs do not get to the stream") {
  auto ping = frame(fin | opcode::ping, "are you there?");
  auto pong = frame(fin | opcode::pong, "");
  // Even when it does not read.
  layer.feed(ping + pong);
  CHECK(pings == texts{"are you there?"});
  CHECK(layer.stashed() == 0);
  CHECK_FALSE(layer.blocked());
  read();
  // Between the fragments of a message.
  auto first = frame(opcode::text, "a");
  auto last = frame(fin | opcode::continuation, "b");
  layer.feed(first + frame(fin | opcode::ping, "") + last);
  CHECK(pings == texts{"are you there?", ""});
  CHECK(reads == texts{first, last});
  auto longest = std::string(125, 'x');
  auto long_ping = frame(fin | opcode::ping, longest);
  layer.feed(long_ping.substr(0, 100));
  CHECK(pings.size() == 2);
  layer.feed(long_ping.substr(100));
  CHECK(pings.back() == longest);
}

TEST_CASE_METHOD(fixture, "a ping that breaks the rules is the stream's") {
  read();
  // In fragments, with a reserved bit, without a mask (RFC 6455, 5.1 to 5.5).
  auto open_end = frame(opcode::ping, "");
  auto reserved = frame(fin | 0x40 | opcode::ping, "");
  auto bare = std::string{"\x89\x00", 2};
  layer.feed(open_end + reserved + bare);
  CHECK(reads == texts{open_end, reserved, bare});
  CHECK(pings.empty());
}

TEST_CASE_METHOD(fixture, "a close frame is the last one that is read") {
  greedy = false;
  auto bye = frame(fin | opcode::close, "\x03\xe8"
                                        "bye");
  layer.feed(one + bye + one + frame(fin | opcode::ping, ""));
  // What came before has to be read first.
  CHECK(closes.empty());
  CHECK(layer.blocked());
  read();
  layer.feed({});
  CHECK(reads == texts{one});
  CHECK(closes.empty());
  read();
  layer.feed({});
  CHECK(closes
        == texts{"\x03\xe8"
                 "bye"});
  CHECK(layer.stashed() == 0);
  layer.feed(one);
  CHECK(reads == texts{one});
  CHECK(pings.empty());
  CHECK(layer.stashed() == 0);
}

TEST_CASE_METHOD(fixture, "a turn ends after so many frames") {
  read();
  std::string many;
  for (std::size_t i = 0; i < 2 * buffered_layer::max_frames + 1; ++i)
    many += i % 2 == 0 ? one : frame(fin | opcode::ping, "");
  layer.feed(many);
  CHECK(reads.size() + pings.size() == buffered_layer::max_frames);
  CHECK(layer.blocked());
  CHECK(left == 1);
  layer.feed({});
  CHECK(left == 2);
  layer.feed({});
  CHECK(left == 2);
  CHECK(wanted == 0);
  CHECK_FALSE(layer.blocked());
  CHECK(reads.size() == buffered_layer::max_frames + 1);
  CHECK(pings.size() == buffered_layer::max_frames);
}

TEST_CASE_METHOD(fixture, "frames behind one that waits are walked once") {
  greedy = false;
  constexpr std::size_t count = 100'000;
  std::string many;
  for (std::size_t i = 0; i < count; ++i)
    many += one;
  layer.feed(many);
  CHECK(layer.blocked());
  auto stashed = layer.stashed();
  for (std::size_t i = 0; i < count; ++i) {
    read();
    layer.feed({});
  }
  // A copy of the rest for each would be 50 GB.
  CHECK(stashed == count * one.size());
  CHECK(reads.size() == count);
  CHECK(layer.stashed() == 0);
  CHECK_FALSE(layer.blocked());
}

TEST_CASE_METHOD(fixture, "a failure ends the pending read and all others") {
  read();
  layer.fail(net::error::eof);
  CHECK(failure == net::error::eof);
  layer.fail(net::error::connection_reset);
  failure = {};
  read();
  CHECK_FALSE(failure);
  context.run();
  CHECK(failure == net::error::eof);
}

TEST_CASE_METHOD(fixture, "output is collected and announced once") {
  error_code ec = net::error::eof;
  CHECK(layer.write_some(net::buffer(one), ec) == one.size());
  CHECK_FALSE(ec);
  auto done = false;
  layer.async_write_some(net::buffer(two),
                         [&done](error_code err, std::size_t size) {
                           done = !err && size == two.size();
                         });
  // Only a close frame can that be, and the owner writes those.
  CHECK(output == one);
  CHECK(ready == 1);
  CHECK_FALSE(done);
  context.run();
  CHECK(done);
  output.clear();
  layer.write_some(net::buffer(one));
  CHECK(ready == 2);
}
