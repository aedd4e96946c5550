#include "flamigo/cluster/detail/frame_queue.hpp"

#include <future>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::frame_queue;

TEST_CASE("the first frame wakes, the others come along") {
  frame_queue uut;
  CHECK(uut.put("a"));
  CHECK_FALSE(uut.put("b"));
  CHECK(uut.take() == std::vector<std::string>{"a", "b"});
  CHECK(uut.put("c"));
}

TEST_CASE("where too much waits, who brings more waits as well") {
  frame_queue uut;
  uut.put(std::string(frame_queue::max_bytes, 'x'));
  auto late = std::async(std::launch::async, [&] { return uut.put("more"); });
  CHECK(uut.take().size() == 1);
  CHECK(late.get());
  CHECK(uut.take() == std::vector<std::string>{"more"});
}

TEST_CASE("nobody waits for a queue that is closed") {
  frame_queue uut;
  uut.put(std::string(frame_queue::max_bytes, 'x'));
  auto late = std::async(std::launch::async, [&] { return uut.put("more"); });
  uut.close();
  CHECK_FALSE(late.get());
  CHECK(uut.take().empty());
}

TEST_CASE("a queue that was closed can be opened again") {
  frame_queue uut;
  uut.put(std::string(frame_queue::max_bytes, 'x'));
  uut.close();
  CHECK_FALSE(uut.put("a"));
  uut.open();
  // There is room.
  CHECK(uut.put("b"));
  CHECK(uut.take() == std::vector<std::string>{"b"});
}
