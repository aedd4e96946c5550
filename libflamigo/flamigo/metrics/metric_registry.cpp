#include "flamigo/metrics/metric_registry.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>
#include <utility>

#include "flamigo/metrics/detail/metric_text.hpp"

namespace flamigo {

using detail::duration_cells;
using detail::metric_block;

/// Threads that have begun to count keep it, which may end later than the
/// program's part of it.
struct metric_registry::blocks {
  explicit blocks(std::size_t count) : strategies(count), spare(count) {
  }

  std::size_t strategies;
  /// For threads that can have none of their own: what they count at the same
  /// time may be lost.
  metric_block spare;
  std::mutex mutex;
  std::vector<std::unique_ptr<metric_block>> all;
  /// Of threads that have ended. With room for all.
  std::vector<metric_block*> unused;
  std::vector<std::unique_ptr<detail::turn_cells>> turns;
};

/// A block that belongs to a thread until that ends.
class metric_registry::leased {
public:
  leased() = default;

  leased(const leased&) = delete;

  leased& operator=(const leased&) = delete;

  ~leased() {
    give_back();
  }

  void take(std::shared_ptr<blocks> from) {
    give_back();
    std::lock_guard guard{from->mutex};
    if (from->unused.empty()) {
      from->unused.reserve(from->all.size() + 1);
      from->all.push_back(std::make_unique<metric_block>(from->strategies));
      from->unused.push_back(from->all.back().get());
    }
    block_ = from->unused.back();
    from->unused.pop_back();
    owner_ = from.get();
    from_ = std::move(from);
  }

private:
  void give_back() noexcept {
    owner_ = nullptr;
    if (!from_)
      return;
    block_->leave_request();
    {
      std::lock_guard guard{from_->mutex};
      from_->unused.push_back(block_);
    }
    from_ = nullptr;
  }

  std::shared_ptr<blocks> from_;
};

metric_registry::metric_registry(std::vector<std::string> strategies)
  : strategies_(std::move(strategies)),
    blocks_(std::make_shared<blocks>(strategies_.size())) {
}

metric_registry::~metric_registry() = default;

// -- counting -----------------------------------------------------------------

metric_block& metric_registry::lease() noexcept {
  thread_local leased mine;
  try {
    mine.take(blocks_);
    return *block_;
  } catch (...) {
    return blocks_->spare;
  }
}

detail::turn_cells& metric_registry::turns_of(std::size_t thread) {
  std::lock_guard guard{blocks_->mutex};
  auto& all = blocks_->turns;
  while (all.size() <= thread)
    all.push_back(std::make_unique<detail::turn_cells>());
  return *all[thread];
}

// -- asking -------------------------------------------------------------------

namespace {

using block_list = std::vector<const metric_block*>;

std::uint64_t sum_of(const block_list& all, detail::metric what,
                     std::size_t place) {
  std::uint64_t result = 0;
  for (auto* x : all)
    result += x->get(what, place);
  // What one thread has added another one may have subtracted, and both were
  // not looked at in the same moment.
  return static_cast<std::int64_t>(result) < 0 ? 0 : result;
}

double seconds(std::uint64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / 1e9;
}

/// The same cells of several threads, as one.
struct summed_durations {
  void add(const duration_cells& what) {
    for (std::size_t i = 0; i < counts.size(); ++i)
      counts[i] += what.count(i);
    sum += what.sum();
  }

  bool empty() const {
    return std::all_of(counts.begin(), counts.end(),
                       [](auto x) { return x == 0; });
  }

  void write(detail::metric_text& to, std::string_view name,
             std::string_view label, std::string_view value) const {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      count += counts[i];
      if (i < duration_cells::bounds.size())
        to.bucket(
          name, label, value,
          std::chrono::duration<double>{duration_cells::bounds[i]}.count(),
          count);
    }
    to.last_bucket(name, label, value, count);
    to.sum(name, label, value, seconds(sum));
    to.count(name, label, value, count);
  }

  std::array<std::uint64_t, duration_cells::buckets> counts{};
  std::uint64_t sum = 0;
};

block_list list_of(const std::vector<std::unique_ptr<metric_block>>& all,
                   const metric_block& spare) {
  block_list result;
  result.reserve(all.size() + 1);
  for (auto& x : all)
    result.push_back(x.get());
  result.push_back(&spare);
  return result;
}

} // namespace

std::uint64_t metric_registry::sum(detail::metric what,
                                   std::size_t place) const {
  std::lock_guard guard{blocks_->mutex};
  return sum_of(list_of(blocks_->all, blocks_->spare), what, place);
}

void metric_registry::write(detail::metric_text& to) const {
  block_list all;
  {
    std::lock_guard guard{blocks_->mutex};
    all = list_of(blocks_->all, blocks_->spare);
  }
  for (std::size_t i = 0; i < detail::metrics.size(); ++i) {
    auto& info = detail::metrics[i];
    to.family(info.name, info.type, info.help);
    for (std::size_t place = 0; place < info.places(); ++place)
      to.sample(info.name, info.label,
                info.label.empty() ? std::string_view{} : info.values[place],
                sum_of(all, static_cast<detail::metric>(i), place));
  }
  write_requests(to, all);
  write_turns(to);
}

void metric_registry::write_requests(detail::metric_text& to,
                                     const block_list& all) const {
  constexpr std::string_view total = "flamigo_requests_total";
  constexpr std::string_view took = "flamigo_request_duration_seconds";
  std::vector<std::pair<std::string_view, summed_durations>> latencies;
  to.family(total, "counter",
            "Requests that were answered, by strategy and "
            "status; one that has no answer counts when it "
            "has ended.");
  for (std::size_t i = 0; i < strategies_.size(); ++i) {
    std::array<std::uint64_t, detail::status_labels.size()> counts{};
    summed_durations latency;
    for (auto* x : all)
      if (auto* cells = x->find(i)) {
        for (std::size_t j = 0; j < counts.size(); ++j)
          counts[j] += cells->by_status[j].get();
        latency.add(cells->latency);
      }
    auto called = false;
    for (std::size_t j = 0; j < counts.size(); ++j)
      if (counts[j] > 0) {
        called = true;
        to.sample(total, "strategy", strategies_[i], "status",
                  detail::status_labels[j], counts[j]);
      }
    // Of none there is no quantile.
    if (called && !latency.empty())
      latencies.emplace_back(strategies_[i], latency);
  }
  to.family(took, "histogram",
            "Time from a request to its answer, of those that have run.");
  for (auto& [name, latency] : latencies)
    latency.write(to, took, "strategy", name);
}

void metric_registry::write_turns(detail::metric_text& to) const {
  constexpr std::string_view took = "flamigo_io_turn_duration_seconds";
  constexpr std::string_view age = "flamigo_io_turn_age_seconds";
  std::vector<const detail::turn_cells*> all;
  {
    std::lock_guard guard{blocks_->mutex};
    for (auto& x : blocks_->turns)
      all.push_back(x.get());
  }
  to.family(took, "histogram", "How long the turns of each I/O thread took.");
  for (std::size_t i = 0; i < all.size(); ++i) {
    summed_durations sum;
    sum.add(all[i]->took());
    sum.write(to, took, "thread", std::to_string(i));
  }
  to.family(age, "gauge",
            "For how long the turn of each I/O thread goes on: of one that is "
            "blocked it grows.");
  auto now = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < all.size(); ++i)
    to.sample(age, "thread", std::to_string(i),
              std::chrono::duration<double>{all[i]->age(now)}.count());
}

} // namespace flamigo
