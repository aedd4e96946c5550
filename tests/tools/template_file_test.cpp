#include "template_file.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::tool;

namespace {

std::string filled(std::string_view text, const char* with = "none") {
  return fill_in(text, {{{"x", "orders"}}, features::parse(with)});
}

} // namespace

TEST_CASE("keys are filled in, and other text stays") {
  CHECK(filled("app::@x@:add @x@\n") == "app::orders:add orders\n");
  CHECK(filled("domains/@x@") == "domains/orders");
  CHECK(filled("a@b, {{1}}, ${x}\n") == "a@b, {{1}}, ${x}\n");
  CHECK(filled("${a[@]} ${b[@]} @x@\n") == "${a[@]} ${b[@]} orders\n");
  CHECK_THROWS_AS(filled("@y@"), std::logic_error);
}

TEST_CASE("lines depend on features, in comments of any language") {
  auto text = "1\n// @if auth\n2\n# @else\n3\n<!-- @end -->\n4\n";
  CHECK(filled(text, "websocket,auth") == "1\n2\n4\n");
  CHECK(filled(text) == "1\n3\n4\n");
  CHECK(filled("# @if not auth\n1\n# @end\n2\n") == "1\n2\n");
  CHECK(filled("# @if not auth\n1\n# @end\n2\n", "websocket,auth") == "2\n");
}

TEST_CASE("conditions nest") {
  auto text = "// @if websocket\n// @if auth\n1\n// @else\n2\n// @end\n3\n"
              "// @end\n4\n";
  CHECK(filled(text, "websocket,auth") == "1\n3\n4\n");
  CHECK(filled(text, "websocket") == "2\n3\n4\n");
  CHECK(filled(text) == "4\n");
}

TEST_CASE("a directive that is none is a mistake of ours") {
  CHECK_THROWS_AS(filled("// @endif\n"), std::logic_error);
  CHECK_THROWS_AS(filled("// @end\n"), std::logic_error);
}
