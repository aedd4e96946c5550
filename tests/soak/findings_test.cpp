#include "findings.hpp"

#include <chrono>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::soak;
using namespace std::chrono_literals;

namespace {

constexpr findings::time_point begin{};

std::string text_of(const findings& x) {
  std::ostringstream out;
  x.print(out);
  return out.str();
}

} // namespace

TEST_CASE("a promise is named once, with how often it was broken") {
  findings all;
  CHECK(all.empty());
  all.add(begin, "it answers", "not to 1");
  all.add(begin, "it answers", "not to 2");
  all.add(begin, "it lives", {});
  all.settle(begin + 1s);
  CHECK_FALSE(all.empty());
  CHECK(text_of(all)
        == "broken: it answers (2 times, first: not to 1)\n"
           "broken: it lives (1 times)\n");
}

TEST_CASE("what came of the end of the server does not count") {
  findings all;
  all.add(begin, "it answers", "in time");
  all.add(begin + 1s, "it stays connected", {});
  all.settle(begin + 1s);
  CHECK_FALSE(all.empty());
  all.forget_latest();
  all.settle(begin + 1h);
  CHECK(text_of(all) == "broken: it answers (1 times, first: in time)\n");
}
