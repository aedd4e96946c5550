#include "access_file.hpp"

#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include "failure.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo::tool;
using flamigo::test::temporary_directory;

TEST_CASE("who may call what is compared with what was committed") {
  temporary_directory dir;
  auto file = dir.path() / "access.txt";
  std::ostringstream out;
  CHECK_THROWS_AS(compare_access(file, "", out), failure);
  CHECK_THROWS_AS(write_access(dir.path() / "none/access.txt", ""), failure);
  write_access(file, "a -> guest\nb -> user\n");
  CHECK(dir.read("access.txt").starts_with("# "));
  // Neither order nor comments are a change.
  CHECK(compare_access(file, "b -> user\n\n# it\na -> guest\n", out));
  CHECK(out.str().empty());
  CHECK_FALSE(
    compare_access(file, "a -> guest; user\nb -> user\nc -> user\n", out));
  CHECK(out.str().starts_with("- a -> guest\n"
                              "+ a -> guest; user\n"
                              "+ c -> user\n"
                              "\nThis is not what "));
  CHECK(out.str().ends_with("--write\n"));
}
