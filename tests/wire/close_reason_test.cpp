#include "flamigo/wire/close_reason.hpp"

#include <catch2/catch_test_macros.hpp>

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include "flamigo/error/error.hpp"

using namespace flamigo;

TEST_CASE("a close reason travels as an exit reason") {
  close_reason why{close_code::slow_consumer, "too many bytes wait"};
  auto back = from_exit_reason(to_exit_reason(why));
  CHECK(back.code == 3008);
  CHECK(back.reason == "too many bytes wait");
}

TEST_CASE("any other exit reason tells a client nothing of its cause") {
  for (auto& x : {caf::error{caf::exit_reason::kill},
                  make_error(caf::sec::runtime_error, "MARKER"),
                  internal_error("MARKER")}) {
    CHECK(is_failure(x));
    auto back = from_exit_reason(x);
    CHECK(back.code == 1011);
    CHECK(back.reason == "internal error");
  }
}

TEST_CASE("an orderly end is no failure") {
  struct row {
    caf::error reason;
    int code;
  };
  for (auto& [reason, code] :
       {row{{}, 1000}, row{caf::exit_reason::normal, 1000},
        row{caf::exit_reason::user_shutdown, 1001},
        row{to_exit_reason({close_code::kicked, ""}), 3503}}) {
    CHECK_FALSE(is_failure(reason));
    CHECK(from_exit_reason(reason).code == code);
  }
}
