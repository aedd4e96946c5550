// What histories need of the heap, beside the frames that they keep.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <malloc.h>

#include <benchmark/benchmark.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "flamigo/history/memory_history.hpp"

namespace {

constexpr std::size_t channels = 100'000;

class kept_append final : public flamigo::history_append {
public:
  explicit kept_append(std::string_view base) : base_(base) {
  }

  std::string_view base() const noexcept override {
    return base_;
  }

  void stored(caf::error) override {
    // What there is of it says whether it was.
  }

private:
  std::string_view base_;
};

std::size_t heap_bytes() {
  auto all = mallinfo2();
  return all.uordblks + all.hblkhd;
}

/// So many events in each of the channels, of which `keep` are kept, in texts
/// of `size` and up to half as much more.
void history_memory(benchmark::State& state) {
  auto events = static_cast<std::size_t>(state.range(0));
  auto keep = static_cast<std::size_t>(state.range(1));
  auto size = static_cast<std::size_t>(state.range(2));
  caf::actor_system_config config;
  config.set("scheduler.policy", caf::atom("testing"));
  caf::actor_system system{config};
  std::string text(size + size / 2, '.');
  for (auto _ : state) {
    auto before = heap_bytes();
    flamigo::memory_history engine{system, {.max_topics = 2 * channels}};
    std::size_t frames = 0;
    for (std::size_t i = 0; i < events; ++i)
      for (std::size_t channel = 0; channel < channels; ++channel) {
        auto topic = "rooms/" + std::to_string(channel);
        auto longer = (i * 7919 + channel * 31) % (size / 2 + 1);
        auto what = std::make_shared<kept_append>(
          std::string_view{text}.substr(0, size + longer));
        what->targets.push_back({topic, {.max_events = keep}});
        engine.append(what);
        if (i + keep >= events)
          frames += what->targets.front().kept.frame.size();
      }
    auto heap = static_cast<double>(heap_bytes() - before);
    auto kept = static_cast<double>(frames);
    auto each = static_cast<double>(channels);
    state.counters["frames_MB"] = kept / 1e6;
    state.counters["heap_MB"] = heap / 1e6;
    state.counters["of_frames"] = heap / kept;
    auto share = heap / (1.3 * kept + 512 * each);
    state.counters["of_bound"] = share;
    if (engine.topics() != channels || share > 1)
      state.SkipWithError(
        ("more than 1.3 times the frames and 512 bytes a channel: "
         + std::to_string(heap) + " for " + std::to_string(kept))
          .c_str());
  }
}

BENCHMARK(history_memory)
  ->ArgNames({"events", "keep", "size"})
  ->Args({1, 1'000, 100})
  ->Args({10, 1'000, 100})
  ->Args({50, 1'000, 100})
  ->Args({10, 1'000, 1'000})
  ->Args({25, 10, 100})
  ->Args({75, 50, 100})
  ->Iterations(1)
  ->Unit(benchmark::kMillisecond);

} // namespace
