#include "flamigo/websocket/detail/frame_input.hpp"

#include <chrono>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <boost/beast/websocket/error.hpp>

#include "flamigo/testing/actor_fixture.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "support/client_frame.hpp"

using namespace flamigo::detail;
using namespace flamigo::test;

namespace {

using texts = std::vector<std::string>;

constexpr std::size_t max_message = 10;

/// The owner of one connection's input.
struct listener final : frame_input::owner {
  explicit listener(io_thread& loop, std::size_t limit = max_message)
    : input(reader_pool::of(loop), *this, limit) {
  }

  void message(std::string_view text, bool binary) override {
    messages.emplace_back(text);
    binaries += binary;
  }

  void broken(error_code why) override {
    failures.push_back(why);
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

  frame_input input;
  texts messages;
  texts pings;
  texts closes;
  std::vector<error_code> failures;
  int binaries = 0;
  int wanted = 0;
  int left = 0;
  int refused = 0;
  int corrupt = 0;
};

struct fixture : flamigo::testing::actor_fixture {
  explicit fixture(std::size_t buffer_size = 65'536)
    : loop{system, std::chrono::hours{1}, buffer_size} {
  }

  /// What the stream has left to the loop is done.
  void poll() {
    loop.context().poll();
    loop.context().restart();
  }

  io_thread loop;
  reader_pool& pool = reader_pool::of(loop);
  listener self{loop};
  frame_input& input = self.input;
};

/// Where messages do not fit the buffer that they are read into: so the stream
/// goes on by way of the loop, and does not read meanwhile.
struct slow_fixture : fixture {
  slow_fixture() : fixture(4) {
  }
};

const auto one = frame(fin | opcode::text, "one");
const auto two = frame(fin | opcode::text, "more");
/// The same as `one`, which a reader has to put together.
const auto halves = frame(opcode::text, "o")
                    + frame(fin | opcode::continuation, "ne");
const auto not_utf8 = frame(fin | opcode::text, "\xff");
const auto ten = frame(fin | opcode::text, "0123456789");

} // namespace

TEST_CASE_METHOD(fixture, "frames that come together are read one by one") {
  input.feed(one + two + one);
  CHECK(self.messages == texts{"one", "more", "one"});
  CHECK(input.stashed() == 0);
  CHECK(self.wanted == 0);
}

TEST_CASE_METHOD(fixture, "a frame that is cut at any byte is read whole") {
  auto both = one + two;
  for (std::size_t n = 1; n < both.size(); ++n) {
    listener who{loop};
    who.input.feed({both.data(), n});
    CHECK(who.messages == (n < one.size() ? texts{} : texts{"one"}));
    CHECK(who.input.stashed() == (n < one.size() ? n : n - one.size()));
    // What is not whole needs no reader.
    CHECK_FALSE(who.input.has_reader());
    who.input.feed(std::string_view{both}.substr(n));
    CHECK(who.messages == texts{"one", "more"});
    CHECK(who.input.stashed() == 0);
  }
}

TEST_CASE_METHOD(fixture, "text and binary messages are told apart") {
  input.feed(one);
  CHECK(self.binaries == 0);
  input.feed(frame(fin | 2, "\xff"));
  CHECK(self.binaries == 1);
  CHECK(self.messages == texts{"one", "\xff"});
}

// -- the reader ---------------------------------------------------------------

TEST_CASE_METHOD(fixture, "a text in one frame needs no reader") {
  // Behind the mask, at each place of a word.
  for (std::size_t n = 0; n <= max_message; ++n) {
    auto text = std::string{"0123456789"}.substr(0, n);
    auto bytes = frame_header(fin | opcode::text, n);
    bytes.replace(bytes.size() - 4, 4, "\x01\x80\xff\x7e");
    for (std::size_t i = 0; i < n; ++i)
      bytes.push_back(static_cast<char>(text[i] ^ "\x01\x80\xff\x7e"[i % 4]));
    self.messages.clear();
    input.feed(bytes);
    CHECK(self.messages == texts{text});
  }
  CHECK(pool.spare() == 0);
}

TEST_CASE_METHOD(fixture, "a text of any length is the same with a reader") {
  // The last one has a length of eight bytes.
  for (std::size_t n : {0u, 125u, 126u, 1'000u, 65'535u, 65'536u}) {
    listener who{loop, 100'000};
    std::string text(n, 'x');
    who.input.feed(frame(fin | opcode::text, text));
    CHECK(who.messages == texts{text});
    CHECK(pool.spare() == (n > 65'535u));
  }
}

TEST_CASE_METHOD(fixture, "a length takes as few bytes as it can") {
  auto bytes = GENERATE(std::string{"\x81\xfe\0\x7d", 4},
                        std::string{"\x81\xff\0\0\0\0\0\0\0\x7d", 10});
  listener who{loop, 1'000};
  who.input.feed(bytes + std::string(4 + 125, '\0'));
  poll();
  CHECK(who.failures
        == std::vector<error_code>{boost::beast::websocket::error::bad_size});
  CHECK(who.messages.empty());
}

TEST_CASE_METHOD(fixture, "one reader serves all who have whole messages") {
  CHECK(pool.spare() == 0);
  std::vector<std::unique_ptr<listener>> all;
  for (int i = 0; i < 10; ++i)
    all.push_back(std::make_unique<listener>(loop));
  for (int round = 0; round < 3; ++round)
    for (auto& who : all) {
      who->input.feed(halves + frame(fin | opcode::text, "") + two);
      CHECK_FALSE(who->input.has_reader());
      CHECK(pool.spare() == 1);
    }
  for (auto& who : all)
    CHECK(who->messages
          == texts{"one", "", "more", "one", "", "more", "one", "", "more"});
}

TEST_CASE_METHOD(fixture, "a message in fragments keeps its reader") {
  listener other{loop};
  // Empty ones, too.
  for (auto& first : {"", "a"}) {
    self.messages.clear();
    other.messages.clear();
    input.feed(frame(opcode::text, first));
    CHECK(input.has_reader());
    other.input.feed(one + frame(fin | opcode::ping, "") + two);
    CHECK(other.messages == texts{"one", "more"});
    input.feed(frame(opcode::continuation, "b"));
    CHECK(input.has_reader());
    other.input.feed(one);
    CHECK_FALSE(other.input.has_reader());
    input.feed(frame(fin | opcode::continuation, "c"));
    CHECK_FALSE(input.has_reader());
    CHECK(self.messages == texts{std::string{first} + "bc"});
    CHECK(other.messages == texts{"one", "more", "one"});
    CHECK(pool.spare() == 1);
  }
  CHECK(self.failures.empty());
  CHECK(other.failures.empty());
}

TEST_CASE_METHOD(fixture, "text is checked over its fragments") {
  auto half = std::string{"\xc3"};
  auto other_half = std::string{"\xa4"};
  input.feed(frame(opcode::text, half)
             + frame(fin | opcode::continuation, other_half));
  CHECK(self.messages == texts{half + other_half});
  input.feed(frame(opcode::text, half)
             + frame(fin | opcode::continuation, "a"));
  poll();
  CHECK(self.failures
        == std::vector<error_code>{
          boost::beast::websocket::error::bad_frame_payload});
  CHECK(self.messages.size() == 1);
  CHECK_FALSE(input.has_reader());
}

TEST_CASE_METHOD(fixture, "a reader that has met what is wrong is not lent") {
  listener after{loop};
  after.input.feed(halves);
  CHECK(pool.spare() == 1);
  // A reserved opcode, a continuation of nothing, a reserved bit, no mask, a
  // ping in fragments (RFC 6455, 5.1 to 5.5), no UTF-8, a message in another.
  auto bytes
    = GENERATE(frame(fin | 3, ""), frame(fin | opcode::continuation, ""),
               frame(fin | 0x40 | opcode::text, ""), std::string{"\x81\x01x"},
               frame(opcode::ping, ""), not_utf8,
               frame(opcode::text, "a") + frame(fin | opcode::text, "b"));
  input.feed(bytes + one);
  poll();
  CHECK(self.failures.size() == 1);
  CHECK(self.messages.empty());
  CHECK_FALSE(input.has_reader());
  CHECK(pool.spare() == (bytes == not_utf8));
  // Nothing is read behind it.
  input.feed(one);
  CHECK(self.messages.empty());
  after.input.feed(halves);
  CHECK(after.messages == texts{"one", "one"});
  CHECK(pool.spare() == 1);
}

TEST_CASE_METHOD(fixture, "a reader in the middle of a message is not lent") {
  {
    listener gone{loop};
    gone.input.feed(frame(opcode::text, "a"));
  }
  listener stopped{loop};
  stopped.input.feed(frame(opcode::text, "a"));
  stopped.input.stop();
  CHECK(pool.spare() == 0);
  listener refused{loop};
  refused.input.feed(
    frame(opcode::text, "a")
    + frame(fin | opcode::continuation, std::string(max_message, 'x')));
  CHECK(refused.refused == 1);
  CHECK(refused.input.has_reader());
  CHECK(pool.spare() == 0);
  input.feed(one);
  CHECK(self.messages == texts{"one"});
}

TEST_CASE_METHOD(slow_fixture, "frames wait for the stream to read") {
  input.feed(ten + one);
  CHECK(self.messages.empty());
  CHECK(input.stashed() == one.size());
  CHECK(input.blocked());
  CHECK(input.has_reader());
  poll();
  CHECK(self.messages == texts{"0123456789"});
  CHECK(self.wanted == 1);
  input.feed({});
  CHECK(self.messages == texts{"0123456789", "one"});
  CHECK(input.stashed() == 0);
  CHECK_FALSE(input.has_reader());
  // With nothing behind it, too.
  input.feed(ten);
  CHECK(input.has_reader());
  poll();
  CHECK(self.messages.size() == 3);
  CHECK(self.wanted == 1);
  CHECK_FALSE(input.has_reader());
}

TEST_CASE_METHOD(slow_fixture, "who is gone hears nothing of its reader") {
  {
    listener gone{loop};
    gone.input.feed(ten + one);
  }
  input.feed(ten);
  input.stop();
  poll();
  CHECK(self.messages.empty());
  CHECK(self.failures.empty());
  CHECK(pool.spare() == 0);
}

// -- bounds -------------------------------------------------------------------

TEST_CASE_METHOD(fixture, "a message over the limit is dropped as it comes") {
  auto large = frame(opcode::text, std::string(200, 'x'));
  input.feed(large.substr(0, 50));
  CHECK(self.refused == 1);
  CHECK(input.stashed() == 0);
  input.feed(large.substr(50) + frame(fin | opcode::ping, "x"));
  CHECK(self.pings == texts{"x"});
  // The rest of it, too.
  input.feed(frame(fin | opcode::continuation, "x") + one);
  CHECK(self.refused == 2);
  CHECK(self.messages == texts{"one"});
}

TEST_CASE_METHOD(fixture, "a length near 2^64 keeps no bytes") {
  for (std::uint64_t less = 0; less < 20; ++less) {
    listener who{loop};
    who.input.feed(flamigo::test::frame_header(fin | opcode::text, ~less));
    who.input.feed(one);
    CHECK(who.refused == 1);
    CHECK(who.messages.empty());
    CHECK(who.input.stashed() == 0);
  }
}

TEST_CASE_METHOD(fixture, "a turn ends after so many frames") {
  std::string many;
  for (std::size_t i = 0; i < 2 * frame_input::max_frames + 1; ++i)
    many += i % 2 == 0 ? one : frame(fin | opcode::ping, "");
  input.feed(many);
  CHECK(self.messages.size() + self.pings.size() == frame_input::max_frames);
  CHECK(input.blocked());
  CHECK(self.left == 1);
  // Others may have the reader meanwhile.
  CHECK_FALSE(input.has_reader());
  input.feed({});
  CHECK(self.left == 2);
  input.feed({});
  CHECK(self.left == 2);
  CHECK(self.wanted == 0);
  CHECK_FALSE(input.blocked());
  CHECK(self.messages.size() == frame_input::max_frames + 1);
  CHECK(self.pings.size() == frame_input::max_frames);
}

TEST_CASE_METHOD(fixture, "frames of a message that is refused are counted") {
  auto bytes = frame(opcode::text, std::string(max_message + 1, 'x'));
  for (std::size_t i = 0; i < 2 * frame_input::max_frames; ++i)
    bytes += frame(opcode::continuation, "");
  input.feed(bytes);
  CHECK(self.refused == frame_input::max_frames);
  CHECK(input.blocked());
  CHECK(self.left == 1);
  input.feed({});
  input.feed({});
  CHECK(self.refused == 2 * frame_input::max_frames + 1);
  CHECK_FALSE(input.blocked());
}

TEST_CASE_METHOD(slow_fixture, "frames behind one that waits are walked once") {
  constexpr std::size_t count = 50'000;
  std::string many;
  for (std::size_t i = 0; i < count; ++i)
    many += ten;
  input.feed(many);
  CHECK(input.blocked());
  // A copy of the rest for each would be 20 GB.
  for (std::size_t i = 0; i < count; ++i) {
    poll();
    input.feed({});
  }
  poll();
  CHECK(self.messages.size() == count);
  CHECK(input.stashed() == 0);
  CHECK_FALSE(input.blocked());
}

// -- control frames -----------------------------------------------------------

TEST_CASE_METHOD(slow_fixture, "pings and pongs do not get to the stream") {
  auto ping = frame(fin | opcode::ping, "are you there?");
  auto pong = frame(fin | opcode::pong, "");
  input.feed(ping + pong);
  CHECK(self.pings == texts{"are you there?"});
  CHECK(input.stashed() == 0);
  CHECK(pool.spare() == 0);
  CHECK_FALSE(input.has_reader());
  // Even when it does not read.
  input.feed(ten + ping);
  CHECK(self.messages.empty());
  CHECK(self.pings.size() == 2);
  CHECK_FALSE(input.blocked());
  poll();
  // Between the fragments of a message.
  input.feed(frame(opcode::text, "a") + frame(fin | opcode::ping, "")
             + frame(fin | opcode::continuation, "b"));
  CHECK(self.pings.size() == 3);
  CHECK(self.messages == texts{"0123456789", "ab"});
  auto longest = std::string(125, 'x');
  auto long_ping = frame(fin | opcode::ping, longest);
  input.feed(long_ping.substr(0, 100));
  CHECK(self.pings.size() == 3);
  input.feed(long_ping.substr(100));
  CHECK(self.pings.back() == longest);
}

TEST_CASE_METHOD(slow_fixture, "a close frame is the last one that is read") {
  auto bye = frame(fin | opcode::close, "\x03\xe8"
                                        "bye");
  input.feed(ten + bye + one + frame(fin | opcode::ping, ""));
  // What came before has to be read first.
  CHECK(self.closes.empty());
  CHECK(input.blocked());
  poll();
  input.feed({});
  CHECK(self.messages == texts{"0123456789"});
  CHECK(self.closes
        == texts{"\x03\xe8"
                 "bye"});
  CHECK(input.stashed() == 0);
  input.feed(one);
  CHECK(self.messages.size() == 1);
  CHECK(self.pings.empty());
  CHECK(input.stashed() == 0);
}
