#include "captures.hpp"

#include <sstream>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "support/temporary_directory.hpp"

using namespace flamigo::test;
using namespace flamigo::tool;
using Catch::Matchers::ContainsSubstring;

namespace {

bool is_found(std::string_view text) {
  return !reference_captures(text).empty();
}

} // namespace

TEST_CASE("coroutines that capture by reference are found") {
  CHECK(is_found("[&](flamigo::context ctx) -> flamigo::task<int> {}"));
  CHECK(is_found("[&] -> task<void> {}"));
  CHECK(is_found("[=, &x](context) mutable -> ::flamigo::task<int> {}"));
  CHECK(is_found("[x = f(1, 2), &y](context) noexcept -> task<int> {}"));
  CHECK(is_found("on(\"app::a:b\", [ & all ]\n(post in)\n-> task<x> {})"));
  CHECK(is_found("f([&] { return [&x]() -> task<int> {}; })"));
}

TEST_CASE("what captures by value, or is no coroutine, is left alone") {
  CHECK_FALSE(is_found("[=](context ctx, post& in) -> task<int> {}"));
  CHECK_FALSE(is_found("[x = &y, z = f(a, &b)](context) -> task<int> {}"));
  CHECK_FALSE(is_found("[this](context) -> task<int> {}"));
  CHECK_FALSE(is_found("[&](context& ctx, const post&) { return 1; }"));
  CHECK_FALSE(is_found("[&](auto x) -> int { return x; }"));
  CHECK_FALSE(is_found("[&](auto x) -> tasks<int> { return x; }"));
  CHECK_FALSE(is_found("// [&](context) -> task<int> {}"));
  CHECK_FALSE(is_found("auto x = \"[&](context) -> task<int> {}\";"));
  CHECK_FALSE(is_found("[[nodiscard]] auto f(int& x) -> task<int>;"));
  CHECK_FALSE(is_found("a[&x - y]; f() -> task<int>;"));
  CHECK_FALSE(is_found("[&"));
}

TEST_CASE("they are named with file and line, but for tests and builds") {
  temporary_directory dir;
  auto text = "int x;\n\nauto f = [&]() -> task<int> { co_return x; };\n"
              "auto g = [&x]() -> task<int> { co_return x; };\n";
  for (auto path :
       {"main.cpp", "domains/shop/app/domain.hpp", "tests/shop_test.cpp",
        "build/x.cpp", ".cache/x.cpp", "domains/notes.md"})
    dir.write(path, text);
  std::ostringstream out;
  report(find_captures(dir.path()), out);
  CHECK_THAT(out.str(),
             ContainsSubstring("Capture by value")
               && ContainsSubstring("  domains/shop/app/domain.hpp:3\n"
                                    "  domains/shop/app/domain.hpp:4\n"
                                    "  main.cpp:3\n  main.cpp:4\n"));
  CHECK(find_captures(dir.path()).size() == 4);
  std::ostringstream nothing;
  report(std::vector<capture>{}, nothing);
  CHECK(nothing.str().empty());
}
