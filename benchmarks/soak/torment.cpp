#include "torment.hpp"

#include <array>

#include "closer.hpp"
#include "dawdler.hpp"
#include "flooder.hpp"
#include "half_open.hpp"
#include "hasty.hpp"
#include "hoarder.hpp"
#include "idler.hpp"
#include "killer.hpp"
#include "offender.hpp"
#include "sluggish.hpp"
#include "victim.hpp"
#include "worker.hpp"

namespace flamigo::soak {

namespace {

using made = std::unique_ptr<visitor>;

std::chrono::milliseconds some(stage& on, std::uint64_t most) {
  return std::chrono::milliseconds{on.pick(most)};
}

made make_worker(stage& on, std::size_t most_bytes) {
  // Not one that all hear.
  static std::uint64_t last_publisher = 1000;
  job what;
  what.publisher = ++last_publisher;
  what.how = static_cast<ear>(on.pick(4));
  what.patterns = {"room/" + std::to_string(what.publisher)};
  if (on.chance(50))
    what.patterns.emplace_back("soak/0");
  what.other_handler = on.chance(30);
  what.depth = 1 + on.pick(8);
  what.requests = 1 + on.pick(200);
  what.most_bytes = most_bytes;
  return std::make_unique<worker>(on, std::move(what));
}

template <class T, class... Ts>
made make(stage& on, Ts... args) {
  return std::make_unique<T>(on, args...);
}

made make_flooder(stage& on) {
  using enum flooder::kind;
  constexpr std::array kinds{pings, unread_pings, pongs};
  return make<flooder>(on, kinds[on.pick(kinds.size())], some(on, 1500));
}

constexpr std::array all{
  torment{"work", 25, [](stage& on) { return make_worker(on, 200); }},
  torment{"big", 5, [](stage& on) { return make_worker(on, 60'000); }},
  torment{"idle", 8, [](stage& on) { return make<idler>(on, some(on, 8000)); }},
  torment{"kill", 15, [](stage& on) { return make<killer>(on); }},
  torment{"half-open", 5,
          [](stage& on) { return make<half_open>(on, on.chance(50)); }},
  torment{"sluggish", 5, [](stage& on) { return make<sluggish>(on); }},
  torment{"flood", 4, make_flooder},
  torment{"malformed", 12, [](stage& on) { return make<offender>(on); }},
  torment{"hasty", 4,
          [](stage& on) { return make<hasty>(on, 100 + on.pick(2000)); }},
  torment{"close", 10, [](stage& on) { return make<closer>(on); }},
  torment{"dawdle", 4, [](stage& on) { return make<dawdler>(on); }},
  torment{"mistakes", 5, [](stage& on) { return make<victim>(on); }},
  torment{"patterns", 2, [](stage& on) { return make<hoarder>(on); }},
  torment{"stop", 0, nullptr},
  torment{"block", 0, nullptr},
  torment{"log", 0, nullptr},
  torment{"loud", 0, nullptr},
  torment{"storm", 0, nullptr},
};

} // namespace

std::span<const torment> torments() {
  return all;
}

} // namespace flamigo::soak
