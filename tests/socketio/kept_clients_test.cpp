#include <chrono>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/socketio/detail/kept_clients.hpp"

using namespace flamigo;
using namespace flamigo::detail;
using namespace std::chrono_literals;

namespace {

const kept_clients::time_point start{};

kept_clients::session session(kept_clients::time_point since = start,
                              std::string input = {}) {
  kept_client what;
  what.channels.push_back(
    {"rooms/1", true, {1, 7}, 0, 0, false, std::move(input)});
  return {"/", std::move(what), position_log{"t"}, since};
}

} // namespace

TEST_CASE("what is kept of a client is had once, in its namespace") {
  kept_clients all{{}};
  all.keep("a", session(), start);
  CHECK_FALSE(all.take("b", "/", start));
  CHECK_FALSE(all.take("a", "/custom", start));
  auto kept = all.take("a", "/", start);
  REQUIRE(kept);
  CHECK(kept->what.channels.front().at.offset == 7);
  CHECK_FALSE(all.take("a", "/", start));
}

TEST_CASE("a client is kept as long as it may be away") {
  kept_clients all{{.max_disconnection = 2min}};
  all.keep("a", session(), start);
  all.keep("b", session(), start);
  CHECK(all.take("a", "/", start + 2min));
  CHECK_FALSE(all.take("b", "/", start + 2min + 1ns));
  all.keep("c", session(), start);
  all.keep("d", session(start + 3min), start + 3min);
  CHECK(all.size() == 1);
  // It was away before, and had no luck.
  all.keep("e", session(start), start + 1min);
  CHECK_FALSE(all.take("e", "/", start + 3min));
}

TEST_CASE("of too many kept clients the first one goes") {
  kept_clients few{{.max_clients = 2}};
  for (auto pid : {"a", "b", "c"})
    few.keep(pid, session(), start);
  CHECK(few.size() == 2);
  CHECK_FALSE(few.take("a", "/", start));
  CHECK(few.take("b", "/", start));
  few.keep("d", session(), start);
  CHECK(few.take("c", "/", start));
  kept_clients small{{.max_bytes = 10'000}};
  for (auto pid : {"a", "b", "c"})
    small.keep(pid, session(start, std::string(4'000, 'x')), start);
  CHECK(small.size() == 2);
  CHECK_FALSE(small.take("a", "/", start));
  small.keep("d", session(start, std::string(10'000, 'x')), start);
  CHECK(small.size() == 2);
  CHECK_FALSE(small.take("d", "/", start));
  kept_clients none{{.max_clients = 0}};
  none.keep("a", session(), start);
  CHECK(none.size() == 0);
}

TEST_CASE("a client that goes no longer lives") {
  kept_clients all{{}};
  auto thread = reinterpret_cast<io_thread*>(&all);
  all.add("a", {{}, thread});
  all.add("b", {{}, thread});
  CHECK(all.find("a").thread == thread);
  all.keep("a", session(), start);
  all.drop("b");
  CHECK(all.find("a").thread == nullptr);
  CHECK(all.find("b").thread == nullptr);
}
