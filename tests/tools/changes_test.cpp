#include "changes.hpp"

#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "failure.hpp"
#include "support/failure_of.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo::test;
using Catch::Matchers::ContainsSubstring;
using flamigo::tool::changes;
using flamigo::tool::failure;

namespace fs = std::filesystem;

TEST_CASE("files are written, and said") {
  temporary_directory dir;
  changes to{dir.path()};
  to.create("a/b.txt", "text");
  to.create("scripts/run", "#!/bin/sh\n");
  CHECK(fs::is_empty(dir.path()));
  std::ostringstream out;
  to.apply(out);
  CHECK(out.str() == "  created  a/b.txt\n  created  scripts/run\n");
  CHECK(dir.read("a/b.txt") == "text");
  auto may_run = [&](const char* file) {
    auto status = fs::status(dir.path() / file).permissions();
    return (status & fs::perms::owner_exec) != fs::perms::none;
  };
  CHECK(may_run("scripts/run"));
  CHECK_FALSE(may_run("a/b.txt"));
}

TEST_CASE("nothing is overwritten, and then nothing is written at all") {
  temporary_directory dir;
  dir.write("b.txt", "mine");
  fs::create_symlink("nowhere", dir.path() / "c.txt");
  changes to{dir.path()};
  for (auto name : {"a.txt", "b.txt", "c.txt"})
    to.create(name, "yours");
  std::ostringstream out;
  CHECK_THAT(failure_of<failure>([&] { to.apply(out); }),
             ContainsSubstring("\n  b.txt\n  c.txt"));
  CHECK(dir.read("b.txt") == "mine");
  CHECK_FALSE(fs::exists(dir.path() / "a.txt"));
  CHECK(out.str().empty());
}

TEST_CASE("lines are added above a mark, indented like it") {
  temporary_directory dir;
  dir.write("main.cpp", "int main() {\n  // flamigo: domains\n}\n");
  changes to{dir.path()};
  to.insert("main.cpp", "domains", "one;\ntwo;");
  to.insert("main.cpp", "domains", "three;");
  std::ostringstream out;
  to.apply(out);
  CHECK(out.str() == "  changed  main.cpp\n");
  CHECK(
    dir.read("main.cpp")
    == "int main() {\n  one;\n  two;\n  three;\n  // flamigo: domains\n}\n");
}

TEST_CASE("a file that is being made has marks as well") {
  temporary_directory dir;
  changes to{dir.path()};
  to.create("main.cpp", "// flamigo: includes\n");
  to.insert("main.cpp", "includes", "#include <map>");
  std::ostringstream out;
  to.apply(out);
  CHECK(dir.read("main.cpp") == "#include <map>\n// flamigo: includes\n");
}

TEST_CASE("without its mark, a file is left alone") {
  temporary_directory dir;
  dir.write("main.cpp", "int main() {} // flamigo: domains, gone\n");
  changes to{dir.path()};
  auto insert = [&](const char* file) {
    return failure_of<failure>(
      [&] { to.insert(file, "domains", "app.host(x);"); });
  };
  CHECK_THAT(insert("main.cpp"),
             ContainsSubstring("has no line \"// flamigo: domains\"")
               && ContainsSubstring("\napp.host(x);"));
  CHECK_THAT(insert("other.cpp"), ContainsSubstring("other.cpp cannot be read")
                                    && ContainsSubstring("\napp.host(x);"));
}
