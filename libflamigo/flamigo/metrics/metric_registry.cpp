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

using bucket_counts = std::array<std::uint64_t, duration_cells::buckets>;

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

/// As a histogram of Prometheus.
void write_durations(detail::metric_text& to, std::string_view name,
                     std::string_view label, std::string_view value,
                     const bucket_counts& counts, std::uint64_t sum) {
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

bool is_empty(const bucket_counts& counts) {
  return std::all_of(counts.begin(), counts.end(),
                     [](auto x) { return x == 0; });
}

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
  return sum_of(list_of_blocks(), what, place);
}

block_list metric_registry::list_of_blocks() const {
  std::lock_guard guard{blocks_->mutex};
  return list_of(blocks_->all, blocks_->spare);
}

std::vector<const detail::turn_cells*> metric_registry::list_of_turns() const {
  std::lock_guard guard{blocks_->mutex};
  std::vector<const detail::turn_cells*> result;
  for (auto& x : blocks_->turns)
    result.push_back(x.get());
  return result;
}

std::vector<detail::request_figures> metric_registry::requests() const {
  auto all = list_of_blocks();
  std::vector<detail::request_figures> result;
  for (std::size_t i = 0; i < strategies_.size(); ++i) {
    detail::request_figures sum{strategies_[i]};
    for (auto* x : all)
      if (auto* cells = x->find(i)) {
        for (std::size_t j = 0; j < sum.by_status.size(); ++j)
          sum.by_status[j] += cells->by_status[j].get();
        for (std::size_t j = 0; j < sum.latency.size(); ++j)
          sum.latency[j] += cells->latency.count(j);
        sum.total_time += cells->latency.sum();
      }
    if (sum.called())
      result.push_back(std::move(sum));
  }
  return result;
}

std::vector<std::chrono::nanoseconds> metric_registry::turn_ages() const {
  auto now = std::chrono::steady_clock::now();
  std::vector<std::chrono::nanoseconds> result;
  for (auto* x : list_of_turns())
    result.push_back(x->age(now));
  return result;
}

void metric_registry::write(detail::metric_text& to) const {
  auto all = list_of_blocks();
  for (std::size_t i = 0; i < detail::metrics.size(); ++i) {
    auto& info = detail::metrics[i];
    to.family(info.name, info.type, info.help);
    for (std::size_t place = 0; place < info.places(); ++place)
      to.sample(info.name, info.label,
                info.label.empty() ? std::string_view{} : info.values[place],
                sum_of(all, static_cast<detail::metric>(i), place));
  }
  write_requests(to);
  write_turns(to);
}

void metric_registry::write_requests(detail::metric_text& to) const {
  constexpr std::string_view total = "flamigo_requests_total";
  constexpr std::string_view took = "flamigo_request_duration_seconds";
  auto all = requests();
  to.family(total, "counter",
            "Requests that were answered, by strategy and "
            "status; one that has no answer counts when it "
            "has ended.");
  for (auto& x : all)
    for (std::size_t i = 0; i < x.by_status.size(); ++i)
      if (x.by_status[i] > 0)
        to.sample(total, "strategy", x.strategy, "status",
                  detail::status_labels[i], x.by_status[i]);
  to.family(took, "histogram",
            "Time from a request to its answer, of those that have run.");
  // Of none there is no quantile.
  for (auto& x : all)
    if (!is_empty(x.latency))
      write_durations(to, took, "strategy", x.strategy, x.latency,
                      x.total_time);
}

void metric_registry::write_turns(detail::metric_text& to) const {
  constexpr std::string_view took = "flamigo_io_turn_duration_seconds";
  constexpr std::string_view age = "flamigo_io_turn_age_seconds";
  auto all = list_of_turns();
  to.family(took, "histogram", "How long the turns of each I/O thread took.");
  for (std::size_t i = 0; i < all.size(); ++i) {
    bucket_counts counts{};
    for (std::size_t j = 0; j < counts.size(); ++j)
      counts[j] = all[i]->took().count(j);
    write_durations(to, took, "thread", std::to_string(i), counts,
                    all[i]->took().sum());
  }
  to.family(age, "gauge",
            "For how long the turn of each I/O thread goes on: of one that is "
            "blocked it grows.");
  auto ages = turn_ages();
  for (std::size_t i = 0; i < ages.size(); ++i)
    to.sample(age, "thread", std::to_string(i),
              std::chrono::duration<double>{ages[i]}.count());
}

} // namespace flamigo
