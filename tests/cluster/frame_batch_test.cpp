#include "flamigo/cluster/detail/frame_batch.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::frame_batch;

namespace {

using messages = std::vector<std::pair<std::string, std::string>>;

constexpr std::size_t much = 1'000;

/// Notes what is sent.
auto to(messages& all) {
  return [&all](auto& node, auto& text) {
    all.emplace_back(std::string{node}, text);
  };
}

std::vector<std::string> frames_of(std::string_view message) {
  std::vector<std::string> result;
  frame_batch::split(message,
                     [&](std::string_view x) { result.emplace_back(x); });
  return result;
}

} // namespace

TEST_CASE("frames for one node are one message, in order") {
  frame_batch uut;
  messages sent;
  CHECK(uut.empty());
  uut.add("one", R"({"seq":1})", much, to(sent));
  uut.add("two", R"({"seq":7})", much, to(sent));
  uut.add("one", R"({"seq":2})", much, to(sent));
  CHECK_FALSE(uut.empty());
  CHECK(uut.most() == 2);
  CHECK(sent.empty());
  uut.take(to(sent));
  CHECK(uut.empty());
  CHECK(uut.most() == 0);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].first == "one");
  CHECK(frames_of(sent[0].second)
        == std::vector<std::string>{R"({"seq":1})", R"({"seq":2})"});
  CHECK(sent[1] == std::pair{std::string{"two"}, std::string{R"({"seq":7})"}});
}

TEST_CASE("a message that would be too large leaves before the next frame") {
  frame_batch uut;
  messages sent;
  uut.add("one", "12345", 11, to(sent));
  uut.add("one", "67890", 11, to(sent));
  CHECK(sent.empty());
  uut.add("one", "x", 11, to(sent));
  REQUIRE(sent.size() == 1);
  CHECK(frames_of(sent[0].second)
        == std::vector<std::string>{"12345", "67890"});
  uut.take(to(sent));
  REQUIRE(sent.size() == 2);
  CHECK(sent[1].second == "x");
}

TEST_CASE("a message of one frame is that frame") {
  CHECK(frames_of("{}") == std::vector<std::string>{"{}"});
}
