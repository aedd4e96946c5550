#include "flamigo/client/detail/recent_errors.hpp"

#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/error/error.hpp"

using namespace flamigo;
using detail::recent_errors;

namespace {

claims ada() {
  claims result;
  result.connection_id = "c1";
  result.user = user{.id = "ada"};
  return result;
}

} // namespace

TEST_CASE("errors are kept with what was told, and why") {
  recent_errors uut;
  uut.add({}, make_error(errc::forbidden));
  uut.add(ada(), make_error(errc::internal, "out of order", "a cause"));
  auto all = uut.latest(10, true);
  REQUIRE(all.size() == 2);
  CHECK(all[0].when >= all[1].when);
  auto failures = uut.latest(10, false);
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].connection == "c1");
  CHECK(failures[0].user == "ada");
  CHECK(failures[0].status == 500);
  CHECK(failures[0].code == "internal");
  CHECK(failures[0].message == "out of order");
  CHECK(failures[0].trace == "a cause");
}

TEST_CASE("what clients do wrong pushes nothing out that has failed") {
  recent_errors uut;
  uut.add(ada(), make_error(errc::internal));
  for (std::size_t i = 0; i < 10 * recent_errors::max_kept; ++i)
    uut.add(ada(), make_error(errc::forbidden, std::to_string(i)));
  CHECK(uut.latest(10, false).size() == 1);
  auto all = uut.latest(10'000, true);
  CHECK(all.size() == recent_errors::max_kept + 1);
  CHECK(uut.latest(3, true).size() == 3);
}

TEST_CASE("of a long trace the beginning is kept, and no half of a letter") {
  recent_errors uut;
  std::string cause(recent_errors::max_trace_bytes - 1, 'x');
  uut.add(ada(), make_error(errc::internal, "m", cause + "\u00e4 and more"));
  CHECK(uut.latest(1, false).at(0).trace == cause);
}
