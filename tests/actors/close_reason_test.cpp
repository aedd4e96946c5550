#include "flamigo/actors/close_reason.hpp"

#include <catch2/catch_test_macros.hpp>

#include <caf/exit_reason.hpp>

using namespace flamigo;

TEST_CASE("a close reason travels as an exit reason") {
  close_reason why{close_code::slow_consumer, "too many bytes wait"};
  auto back = from_exit_reason(to_exit_reason(why));
  CHECK(back.code == 3008);
  CHECK(back.reason == "too many bytes wait");
}

TEST_CASE("any other exit reason is an internal error that says what it was") {
  auto back = from_exit_reason(caf::exit_reason::kill);
  CHECK(back.code == 1011);
  CHECK(back.reason.find("kill") != std::string::npos);
}
