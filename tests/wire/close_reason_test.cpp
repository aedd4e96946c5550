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

TEST_CASE("close frames have the codes that are defined, or left to others") {
  for (auto code : {1000, 1003, 1007, 1011, 1014, 3000, 3999, 4000, 4999})
    CHECK(is_close_code(static_cast<std::uint16_t>(code)));
  for (auto code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65'535})
    CHECK_FALSE(is_close_code(static_cast<std::uint16_t>(code)));
}

TEST_CASE("a code says whether to come again") {
  for (auto code : {1001, 1006, 1011, 3001, 3005, 3013, 3499, 4000, 4499})
    CHECK(may_reconnect(static_cast<std::uint16_t>(code)));
  for (auto code : {1000, 1002, 1003, 1007, 1009, 3500, 3503, 4500, 4999})
    CHECK_FALSE(may_reconnect(static_cast<std::uint16_t>(code)));
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
