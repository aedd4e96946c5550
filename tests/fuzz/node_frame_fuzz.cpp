// What another node may send: lines are frames, which come at a node that has
// subscribers and a domain of its own. Whatever they are, its subscribers get
// events with topics that they want, its domain calls with JSON, and it goes on
// as before.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "cluster/fake_domain.hpp"
#include "cluster/node_world.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/topic/topic_pattern.hpp"

using namespace flamigo;
using test::node_world;

namespace {

void require(bool what) {
  if (!what)
    std::abort();
}

struct harness : node_world {
  harness() {
    log::set_level(log::level::off);
    orders.host(*this, here, {"app::orders:add"});
    settle();
    pass(milliseconds{500});
  }

  void receive(std::string_view frame) {
    here.home.turn([&] { here.relay->received(frame); });
  }

  node& here = add("here");
  node& there = add("there");
  test::listener who = listen(here, "rooms/*");
  test::fake_domain orders;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  // Never destroyed at the end: CAF's own statics would have gone before.
  static auto& shared = *new std::optional<harness>;
  static int runs = 0;
  // Nodes that were met stay until they are gone; time is short here.
  if (!shared || ++runs % 200 == 0) {
    shared.reset();
    shared.emplace();
  }
  auto& world = *shared;
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  while (!rest.empty()) {
    auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    world.receive(line);
  }
  world.settle();
  for (auto& x : *world.who.heard) {
    auto fits = false;
    for (auto& where : x->topics())
      fits |= topic_pattern{"rooms/*"}.matches(where);
    require(fits);
    if (x->is_for_clients())
      require(is_json(x->client_frame()));
  }
  world.who.heard->clear();
  for (auto& x : *world.orders.calls)
    require(is_json(x.what.ctx.payload()));
  // All of them are answered, as promises that were dropped.
  world.orders.calls->clear();
  world.settle();
  world.publish(world.here, "rooms/1", 1);
  world.settle();
  require(world.who.heard->size() == 1);
  world.who.heard->clear();
  return 0;
}
