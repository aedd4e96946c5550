#include "project_name.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "failure.hpp"
#include "identifier.hpp"
#include "support/failure_of.hpp"

using namespace flamigo::tool;
using Catch::Matchers::ContainsSubstring;
using flamigo::test::failure_of;

TEST_CASE("a project has a name that is good for a folder and a program") {
  for (auto text : {"chat", "my-chat", "my_chat2", "Shop"})
    CHECK(project_name{text}.text() == text);
  for (auto text : {"", "-", "2chat", "my--chat", "a b", "a/b", "../x", ".",
                    "chat;", "chät"})
    CHECK_THAT(failure_of<failure>([&] { project_name{text}; }),
               ContainsSubstring("begins with a letter"));
}

TEST_CASE("the build has targets of its own") {
  CHECK_THAT(failure_of<failure>([] { project_name{"test"}; }),
             ContainsSubstring("\"test\""));
  CHECK_THAT(failure_of<failure>([] { project_name{"class"}; }),
             ContainsSubstring("C++ has that word for itself"));
}

TEST_CASE("a project is called like nothing else in its build") {
  auto refusal = [](const char* name) {
    return failure_of<failure>([&] { project_name{name}; });
  };
  for (auto name : {"parts", "unit_tests", "all", "CMakeFiles", "Testing"}) {
    INFO(name);
    CHECK_THAT(refusal(name), ContainsSubstring("the build has something"));
  }
  CHECK_THAT(refusal("flamigo_bridge"), ContainsSubstring("begins with"));
  CHECK_THAT(refusal("FLAMIGO"), ContainsSubstring("CMake has variables"));
  for (auto name : {"part", "tests", "flamigo-chat"})
    CHECK(refusal(name).empty());
}

TEST_CASE("what becomes C++ is an identifier") {
  for (auto text : {"orders", "order_items", "a1"})
    CHECK(
      failure_of<failure>([&] { check_identifier("a domain", text); }).empty());
  CHECK_THAT(
    failure_of<failure>([] { check_identifier("a domain", "my-orders"); }),
    ContainsSubstring("the name of a domain cannot be \"my-orders\""));
  for (auto text : {"alignas", "delete", "new", "xor_eq"})
    CHECK_THAT(failure_of<failure>([&] { check_identifier("a domain", text); }),
               ContainsSubstring("C++ has that word for itself"));
}
