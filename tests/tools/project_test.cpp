#include "project.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "failure.hpp"
#include "support/failure_of.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo::test;
using namespace flamigo::tool;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a project is found from below") {
  temporary_directory dir;
  dir.write("flamigo.conf",
            "# x = 1\nname = \"my-shop\"\nfeatures = \"websocket\"\n");
  dir.write("domains/orders/app/domain.cpp", "");
  dir.write("domains/README.md", "");
  auto found = project::find(dir.path() / "domains/orders/app");
  CHECK(found.root() == dir.path());
  CHECK(found.name() == "my-shop");
  CHECK(found.with() == features::parse("websocket"));
  CHECK(found.domains() == std::vector<std::string>{"orders"});
  CHECK(found.has_domain("orders"));
  CHECK_FALSE(found.has_domain("README.md"));
  CHECK_FALSE(found.has_domain(""));
  CHECK_FALSE(found.has_store("orders"));
}

TEST_CASE("where there is no project, it is said how to make one") {
  temporary_directory dir;
  CHECK_THAT(failure_of<failure>([&] { project::find(dir.path()); }),
             ContainsSubstring("`flamigo init NAME`"));
}

TEST_CASE("a marker that says too little is refused") {
  temporary_directory dir;
  dir.write("flamigo.conf", "name = \"shop\"\n");
  CHECK_THAT(failure_of<failure>([&] { project::find(dir.path()); }),
             ContainsSubstring("add a line features = "));
}
