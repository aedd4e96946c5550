#include "doctor.hpp"

#include <algorithm>
#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "process.hpp"

using namespace flamigo::tool;
using Catch::Matchers::ContainsSubstring;

namespace {

const requirement& find(std::string_view name) {
  auto all = requirements();
  return *std::find_if(all.begin(), all.end(),
                       [&](auto& x) { return x.name == name; });
}

} // namespace

// -- versions -----------------------------------------------------------------

TEST_CASE("versions are found in what tools say") {
  CHECK(find_version("cmake version 3.25.1\n") == version{3, 25, 1});
  CHECK(find_version("1.11.1.git") == version{1, 11, 1});
  CHECK(find_version(" 12 2 0\n") == version{12, 2, 0});
  CHECK(find_version("ninja 2") == version{2, 0, 0});
  CHECK_FALSE(find_version("command not found"));
}

TEST_CASE("versions are compared by number") {
  CHECK(version{3, 9, 0} < version{3, 25, 0});
  CHECK(to_string(version{3, 25, 1}) == "3.25.1");
}

TEST_CASE("what the preprocessor makes of a header tells its version") {
  CHECK(read_probe(find("CAF"), "int x;\nflamigo_probe 1706\n")
        == version{0, 17, 6});
  CHECK(read_probe(find("Boost"), "flamigo_probe 108100") == version{1, 81, 0});
  CHECK(read_probe(find("Catch2"), "flamigo_probe 3 7 1") == version{3, 7, 1});
  CHECK_FALSE(read_probe(find("CAF"), "fatal error: no such file"));
  // Without the header the macro stays what it is.
  CHECK_FALSE(read_probe(find("CAF"), "flamigo_probe CAF_VERSION"));
}

TEST_CASE("a version may be too old and too new") {
  CHECK_FALSE(find("CAF").takes({0, 17, 5}));
  CHECK(find("CAF").takes({0, 17, 6}));
  CHECK_FALSE(find("CAF").takes({0, 18, 0}));
  CHECK(find("Boost").takes({2, 0, 0}));
}

// -- reports ------------------------------------------------------------------

TEST_CASE("what is missing is named as the distribution names it") {
  std::vector<finding> findings{{find("CMake"), version{3, 25, 1}},
                                {find("Boost"), version{1, 74, 0}},
                                {find("Catch2"), std::nullopt}};
  std::ostringstream out;
  CHECK_FALSE(report(findings, {.id = "debian", .version = "12"}, out));
  CHECK_THAT(
    out.str(),
    ContainsSubstring("ok       CMake      3.25.1\n")
      && ContainsSubstring(
        "wrong    Boost      1.74.0, needed is 1.81.0 or newer\n")
      && ContainsSubstring("missing  Catch2     needed is 3.0.0 or newer\n")
      && ContainsSubstring("apt-get install libboost1.81-dev "
                           "catch2/bookworm-backports\n"));
  std::ostringstream ubuntu;
  report(findings, {.id = "ubuntu", .version = "24.04"}, ubuntu);
  CHECK_THAT(ubuntu.str(),
             ContainsSubstring("apt-get install libboost-dev catch2\n"));
  std::ostringstream other;
  report(findings, {.id = "fedora", .version = "41"}, other);
  CHECK_THAT(other.str(), !ContainsSubstring("apt-get"));
}

TEST_CASE("where nothing is missing, all is well") {
  std::ostringstream out;
  CHECK(report({{find("CMake"), version{3, 25, 1}}}, {}, out));
}

TEST_CASE("the distribution is read") {
  std::istringstream text{"NAME=\"Debian\"\nVERSION_ID=\"12\"\nID=debian\n"};
  auto found = read_distribution(text);
  CHECK(found.id == "debian");
  CHECK(found.version == "12");
}

// Whoever runs this has built the tests.
TEST_CASE("on this machine all is well") {
  std::ostringstream out;
  INFO(out.str());
  CHECK(report(examine(), this_distribution(), out));
}

// -- processes ----------------------------------------------------------------

TEST_CASE("a program gets its words and its input as they are") {
  auto result = run_process({"sh", "-c", "cat; echo \"$1\" >&2; exit 3", "sh",
                             "it's $HOME"},
                            "/", "a'b\n");
  CHECK(result.status == 3);
  CHECK(result.output == "a'b\nit's $HOME\n");
  CHECK(run_process({"no-such-program-of-flamigo"}).status == 127);
  CHECK(run_process({"pwd"}, "/tmp").output == "/tmp\n");
}
