#pragma once

#include <cstdint>
#include <random>

#include "cluster/node_world.hpp"
#include "cluster/seeds.hpp"

namespace flamigo::test {

/// Something that a network does to its nodes, from now on.
inline void mischief(node_world& world, std::mt19937& random) {
  auto& net = world.network;
  auto percent = [&] { return static_cast<unsigned>(random() % 20); };
  auto any = [&]() -> node_world::node& {
    return *world.nodes[random() % world.nodes.size()];
  };
  switch (random() % 6) {
    case 0:
      net.lost = percent();
      break;
    case 1:
      net.twice = percent();
      break;
    case 2:
      net.overtaking = percent();
      break;
    case 3:
      net.split({any().name, any().name});
      break;
    case 4:
      net.heal();
      break;
    default:
      any().transport.refuses = 2;
  }
}

/// All is well, until everybody has heard of everybody.
inline void calm(node_world& world) {
  auto& net = world.network;
  net.lost = net.twice = net.overtaking = 0;
  net.heal();
  for (auto& x : world.nodes)
    x->transport.refuses = 0;
  world.pass(node_world::gone_after + 4 * node_world::heartbeat);
}

} // namespace flamigo::test
