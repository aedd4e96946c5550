#include "flamigo/cluster/detail/departed_nodes.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::departed_nodes;
using strings = std::vector<std::string>;

TEST_CASE("who was given up comes back, or may be missed once") {
  departed_nodes uut;
  uut.gave_up("a", "one", true);
  uut.gave_up("b", "two", false);
  uut.gave_up("c", "three", false);
  CHECK(uut.back("c") == "three");
  CHECK(uut.back("c") == std::nullopt);
  uut.left_unheard("b");
  uut.left_unheard("nobody");
  CHECK(uut.take_missed() == strings{"one", "two"});
  CHECK(uut.take_missed().empty());
  CHECK(uut.back("a") == "one");
}

TEST_CASE("of those that are gone the last ones are known") {
  departed_nodes uut;
  for (std::size_t i = 0; i <= departed_nodes::max_nodes; ++i) {
    uut.left(std::to_string(i));
    uut.gave_up(std::to_string(i), "", false);
  }
  CHECK_FALSE(uut.has_left("0"));
  CHECK(uut.has_left("1"));
  CHECK(uut.has_left(std::to_string(departed_nodes::max_nodes)));
  CHECK(uut.back("0") == std::nullopt);
  CHECK(uut.back("1") == "");
}
