#include "flamigo/bus/detail/pointer_set.hpp"

#include <random>
#include <set>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::pointer_set;

namespace {

std::multiset<int*> content(const pointer_set<int>& what) {
  std::multiset<int*> result;
  what.for_each([&result](int& x) { result.insert(&x); });
  return result;
}

} // namespace

TEST_CASE("a set of pointers holds what a std::set holds") {
  std::vector<int> all(1'000);
  pointer_set<int> tested;
  std::set<int*> oracle;
  std::mt19937 random{7};
  // It grows and shrinks by turns, through all of its forms.
  for (auto most : {1, 2, 5, 16, 17, 60, 1'000, 40, 12, 3, 1, 300}) {
    auto count = static_cast<std::size_t>(most);
    for (int round = 0; round < 3'000; ++round) {
      auto* x = &all[random() % all.size()];
      if (oracle.size() < count && random() % 4 != 0) {
        REQUIRE(tested.insert(x) == oracle.insert(x).second);
      } else {
        if (oracle.size() > count)
          x = *oracle.begin();
        REQUIRE(tested.erase(x) == (oracle.erase(x) > 0));
      }
      REQUIRE(tested.size() == oracle.size());
    }
    REQUIRE(content(tested)
            == std::multiset<int*>{oracle.begin(), oracle.end()});
  }
  while (!oracle.empty()) {
    auto* x = *oracle.begin();
    oracle.erase(x);
    REQUIRE(tested.erase(x));
  }
  CHECK(tested.empty());
  CHECK(content(tested).empty());
}
