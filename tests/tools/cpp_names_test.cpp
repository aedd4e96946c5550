#include "cpp_names.hpp"

#include <catch2/catch_test_macros.hpp>

using flamigo::tool::cpp_names;
using flamigo::tool::names_of;

namespace {

using set = std::set<std::string>;

} // namespace

TEST_CASE("what a namespace has is found, and what is inside of it is not") {
  auto found = names_of(R"~(
#include <map>
#define LONG \
  struct not_this
namespace app::orders { // struct nor_this
/* namespace nor::that { */
struct item { int id = 1'000; std::string text = "struct x {"; };
using factory = std::function<int(int given)>;
named make(state* self);
DESCRIBE(item, (), (id))
} // namespace app::orders
)~");
  CHECK(found.namespaces == set{"app", "app::orders"});
  CHECK(found.things
        == set{"app::orders::item", "app::orders::factory", "app::orders::make",
               "app::orders::named"});
  CHECK(found.qualifiers == set{"std"});
  CHECK(found.inner == set{"id", "text", "state", "given", "self", "item"});
}

TEST_CASE("namespaces end, nest, and may have no name") {
  auto found = names_of("namespace a { namespace { x y; } namespace b = c;\n"
                        "using namespace d::e; f g(); }\n"
                        "namespace h { char i = '}'; auto j = R\"(})\"; }\n"
                        "int main() {}\n");
  CHECK(found.namespaces == set{"a", "a::b", "h"});
  CHECK(found.things
        == set{"a::x", "a::y", "a::f", "a::g", "a::c", "h::i", "h::j"});
  CHECK(found.qualifiers == set{"d"});
}

TEST_CASE("any text is read to its end") {
  for (auto text : {"", "#", "/*", "//", "\"", "'", "\"\\", "R\"", "R\"x(",
                    "namespace", "}", ")", "::", "namespace a", "1'"})
    CHECK_NOTHROW(names_of(text));
}
