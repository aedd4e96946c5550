#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

#include "contract.hpp"
#include "failure.hpp"
#include "routes.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo::tool;
using flamigo::test::temporary_directory;

// Nothing is built: there is no project.
TEST_CASE("an option that is empty is not one that was not given") {
  temporary_directory here;
  project of{here.path(), project_name{"shop"}, features{}};
  std::ostringstream out;
  auto routes_of = [&](const routes_options& options) {
    routes(of, options, out);
  };
  CHECK_THROWS_WITH(
    routes_of({.as = ""}),
    "--as is empty: it takes guest, user, or user:PERMISSION,...");
  CHECK_THROWS_WITH(routes_of({.matrix = ""}),
                    "--matrix is empty: name a file");
  CHECK_THROWS_WITH(routes_of({.matrix = "", .write = true}),
                    "--matrix is empty: name a file");
  CHECK_THROWS_WITH(contract({.from = ""}, out),
                    "--from is empty: name a file");
  CHECK_THROWS_WITH(contract({.to = ""}, out),
                    "--output is empty: name a file");
  CHECK_THROWS_WITH(contract_diff("", "new", out),
                    "the old contract is empty: name a file");
  CHECK_THROWS_WITH(contract_diff("old", "", out),
                    "the new contract is empty: name a file");
  CHECK(out.str().empty());
}
