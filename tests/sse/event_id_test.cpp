#include "flamigo/sse/detail/event_id.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;
using detail::from_event_id;
using detail::to_event_id;

using positions = std::vector<channel_position>;

TEST_CASE("positions are the id of an event") {
  positions what{{"rooms/42", "c2f0", 1042}, {"a b/ü\r\n&=%.", "1", 0}};
  auto id = to_event_id(what);
  CHECK(id == "rooms/42=c2f0.1042&a%20b/%C3%BC%0D%0A%26%3D%25.=1.0");
  CHECK(from_event_id(id) == what);
  CHECK(to_event_id({}).empty());
}

TEST_CASE("a topic may have dots") {
  positions what{{"v1.2/a.b", "ff", 7}};
  CHECK(from_event_id(to_event_id(what)) == what);
}

TEST_CASE("an id that would be too long is none") {
  positions what;
  std::size_t most = 0;
  for (int i = 0; i < 100; ++i) {
    what.push_back({"rooms/" + std::to_string(i), "c2f0", 1});
    if (auto id = to_event_id(what); !id.empty()) {
      CHECK(id.size() <= detail::max_event_id);
      most = what.size();
    }
  }
  CHECK(most > 50);
  CHECK(most < 70);
  CHECK(from_event_id(std::string(detail::max_event_id + 1, 'a')).empty());
}

TEST_CASE("what is no id has no positions") {
  for (auto text : {"",
                    "end",
                    "a",
                    "a=",
                    "a=1",
                    "a=1.",
                    "a=.1",
                    "=1.1",
                    "a=1.x",
                    "a=1.1x",
                    "a=1.-1",
                    "a=1.99999999999999999999",
                    "a=XY.1",
                    "a=00000000000000001.1",
                    "a=1.1&&b=1.1",
                    "&a=1.1",
                    "a%=1.1",
                    "a%4=1.1",
                    "a%4g=1.1",
                    "a%FF=1.1",
                    "%ED%A0%80=1.1",
                    "a b=1.1",
                    "a\n=1.1",
                    "a=1.1&b"})

    CHECK(from_event_id(text).empty());
  // As of most lists, what ends with its separator.
  CHECK(from_event_id("a=1.1&").size() == 1);
}
