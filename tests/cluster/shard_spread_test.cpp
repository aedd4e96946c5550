#include "flamigo/cluster/detail/shard_spread.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo::detail;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;
using advice = shard_spread::advice;

/// Nodes that look at the shards of one domain; each gets what it is to take.
struct spread_world {
  explicit spread_world(std::size_t shards) : holders(shards) {
  }

  void add(const std::string& node) {
    for (std::size_t i = 0; i < holders.size(); ++i)
      spreads[node].emplace_back("domains/carts/" + std::to_string(i));
  }

  void remove(const std::string& node) {
    spreads.erase(node);
  }

  /// Each looks at each shard; what is to be left is free afterwards.
  void look() {
    now += 1s;
    for (auto& [node, all] : spreads)
      for (std::size_t i = 0; i < all.size(); ++i)
        look(node, all[i], holders[i]);
  }

  void look(const std::string& node, shard_spread& what, std::string& holder) {
    shard_spread::view view{
      shard_spread::time_point{now}, node, {}, {}, holder, holder == node};
    for (auto& other : spreads)
      if (other.first != node)
        view.present.push_back(other.first);
    for (auto& other : strangers)
      view.present.push_back(other);
    view.settled = view.present;
    auto takes = what.look(view) == advice::take;
    auto is_free = holder.empty() || (!spreads.contains(holder));
    if (takes && is_free)
      holder = node;
    else if (!takes && holder == node)
      holder.clear();
  }

  std::map<std::string, std::size_t> counts() const {
    std::map<std::string, std::size_t> result;
    for (auto& x : holders)
      ++result[x];
    return result;
  }

  std::chrono::seconds now{100};
  std::map<std::string, std::vector<shard_spread>> spreads;
  /// Nodes without that domain.
  names strangers;
  names holders;
};

} // namespace

TEST_CASE("a node that is alone takes all shards at once") {
  spread_world f{16};
  f.add("a");
  f.look();
  CHECK(f.counts().at("a") == 16);
}

TEST_CASE("shards are spread over the nodes, and stay there") {
  spread_world f{96};
  f.add("a");
  f.look();
  f.add("b");
  f.add("c");
  for (auto i = 0; i < 3; ++i)
    f.look();
  auto all = f.counts();
  CHECK(all.size() == 3);
  for (auto& [node, count] : all)
    CHECK(count > 16);
  auto before = f.holders;
  for (auto i = 0; i < 30; ++i)
    f.look();
  CHECK(f.holders == before);
}

TEST_CASE("only the shards of a node that goes or comes move") {
  spread_world f{96};
  for (auto* node : {"a", "b", "c"})
    f.add(node);
  for (auto i = 0; i < 3; ++i)
    f.look();
  auto before = f.holders;
  f.remove("b");
  for (auto i = 0; i < 3; ++i)
    f.look();
  for (std::size_t i = 0; i < before.size(); ++i)
    CHECK((f.holders[i] == before[i]) == (before[i] != "b"));
  CHECK_FALSE(f.counts().contains("b"));
  f.add("b");
  for (auto i = 0; i < 3; ++i)
    f.look();
  CHECK(f.holders == before);
}

TEST_CASE("a node that does not have the domain is passed over") {
  spread_world f{16};
  f.strangers = {"x", "y"};
  f.add("a");
  f.add("b");
  for (auto i = 0; i < 15; ++i)
    f.look();
  CHECK_FALSE(f.counts().contains(""));
  auto before = f.holders;
  for (auto i = 0; i < 30; ++i)
    f.look();
  CHECK(f.holders == before);
}
