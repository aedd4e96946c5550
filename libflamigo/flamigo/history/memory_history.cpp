#include "flamigo/history/memory_history.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include <caf/actor_system.hpp>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/history/detail/history_shard.hpp"
#include "flamigo/history/detail/random_epoch.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo {

namespace {

constexpr std::size_t most_shards = 16;

/// With fewer topics a shard would often be full while others are not.
constexpr std::size_t topics_of_a_shard = 256;

/// So that none of several topics makes room for another.
struct followed_entries {
  followed_entries() = default;

  followed_entries(const followed_entries&) = delete;

  followed_entries& operator=(const followed_entries&) = delete;

  ~followed_entries() {
    for (auto& [shard, entry] : all)
      shard->unfollow(entry->topic);
  }

  /// There must be room in `all`.
  void add(detail::history_shard& shard,
           detail::history_shard::entry& entry) noexcept {
    shard.follow(entry);
    all.emplace_back(&shard, &entry);
  }

  std::vector<std::pair<detail::history_shard*, detail::history_shard::entry*>>
    all;
};

} // namespace

memory_history::memory_history(caf::actor_system& system,
                               const memory_history_options& options)
  : system_(system), epochs_(detail::random_epoch()) {
  auto count = std::clamp<std::size_t>(options.max_topics / topics_of_a_shard,
                                       1, most_shards);
  for (std::size_t i = 0; i < count; ++i)
    shards_.push_back(std::make_unique<detail::history_shard>(
      options.max_topics / count, epochs_));
}

memory_history::~memory_history() = default;

detail::history_shard&
memory_history::shard_of(std::string_view topic) const noexcept {
  return *shards_[std::hash<std::string_view>{}(topic) % shards_.size()];
}

memory_history::time_point memory_history::now() const noexcept {
  return system_.clock().now();
}

// -- events -------------------------------------------------------------------

void memory_history::append(std::shared_ptr<history_append> what) {
  what->stored(detail::guarded([&] { return store(*what); },
                               [](caf::error why) { return why; }));
}

caf::error memory_history::store(history_append& what) {
  auto when = now();
  if (what.targets.size() > 1)
    return store_in_all(what, when);
  auto& to = what.targets.front();
  auto& shard = shard_of(to.topic);
  std::lock_guard guard{shard.mutex};
  auto& where = shard.use(to.topic, to.limits, when);
  to.at = shard.next(where);
  put(where, to, what, nullptr, when);
  where.log.trim(where.limits, when);
  return {};
}

caf::error memory_history::store_in_all(history_append& what, time_point when) {
  std::vector<std::unique_lock<std::mutex>> guards;
  // One order for all who do the same.
  for (auto& shard : shards_) {
    auto is_here = [&](auto& to) { return &shard_of(to.topic) == shard.get(); };
    if (std::any_of(what.targets.begin(), what.targets.end(), is_here))
      guards.emplace_back(shard->mutex);
  }
  auto places = std::make_shared<std::vector<event_place>>();
  places->reserve(what.targets.size());
  followed_entries where;
  where.all.reserve(what.targets.size());
  for (auto& to : what.targets) {
    auto& shard = shard_of(to.topic);
    auto& entry = shard.use(to.topic, to.limits, when);
    where.add(shard, entry);
    to.at = shard.next(entry);
    places->push_back({std::string{to.topic}, to.at});
  }
  for (std::size_t i = 0; i < where.all.size(); ++i) {
    try {
      put(*where.all[i].second, what.targets[i], what, places, when);
    } catch (...) {
      while (i > 0)
        where.all[--i].second->log.take_back();
      throw;
    }
  }
  for (auto& [shard, entry] : where.all)
    entry->log.trim(entry->limits, when);
  return {};
}

void memory_history::put(detail::history_shard::entry& where,
                         history_append::target& to, const history_append& what,
                         detail::event_log::places_ptr elsewhere,
                         time_point when) {
  thread_local std::string rest;
  rest.clear();
  append_offset(rest, to.topic, to.at.offset);
  rest += "}}";
  to.kept = where.log.append(what.base(), rest, std::move(elsewhere), when,
                             what.bytes());
}

// -- readers ------------------------------------------------------------------

void memory_history::follow(std::string_view topic,
                            const history_limits& limits,
                            position_receiver then) {
  if (gate_.is_open()) [[likely]]
    return follow_now(topic, limits, then);
  gate_.pass([this, what = std::string{topic}, limits,
              then = std::move(then)](caf::error why) {
    if (why)
      then(std::move(why));
    else
      follow_now(what, limits, then);
  });
}

void memory_history::follow_now(std::string_view topic,
                                const history_limits& limits,
                                const position_receiver& then) {
  then(detail::guarded(
    [&]() -> caf::expected<history_position> {
      auto& shard = shard_of(topic);
      std::lock_guard guard{shard.mutex};
      auto& entry = shard.use(topic, limits, now());
      shard.follow(entry);
      return entry.newest();
    },
    [](caf::error why) -> caf::expected<history_position> { return why; }));
}

void memory_history::unfollow(std::string_view topic) {
  auto& shard = shard_of(topic);
  std::lock_guard guard{shard.mutex};
  shard.unfollow(topic);
}

void memory_history::read(std::string_view topic, const history_position& after,
                          std::size_t max_bytes, slice_receiver then) {
  if (gate_.is_open()) [[likely]]
    return read_now(topic, after, max_bytes, then);
  gate_.pass([this, what = std::string{topic}, after, max_bytes,
              then = std::move(then)](caf::error why) {
    if (why)
      then(std::move(why));
    else
      read_now(what, after, max_bytes, then);
  });
}

void memory_history::read_now(std::string_view topic,
                              const history_position& after,
                              std::size_t max_bytes,
                              const slice_receiver& then) {
  then(detail::guarded(
    [&]() -> caf::expected<history_slice> {
      auto& shard = shard_of(topic);
      std::lock_guard guard{shard.mutex};
      return shard.read(topic, after, max_bytes, now());
    },
    [](caf::error why) -> caf::expected<history_slice> { return why; }));
}

// -- one of several -----------------------------------------------------------

void memory_history::number_by(std::shared_ptr<history_numbers> what) {
  numbers_ = std::move(what);
  for (auto& shard : shards_) {
    std::lock_guard guard{shard->mutex};
    shard->number_by(*numbers_);
  }
}

void memory_history::begin_again() {
  for (auto& shard : shards_) {
    std::lock_guard guard{shard->mutex};
    shard->begin_again();
  }
}

void memory_history::hold() {
  gate_.close();
}

void memory_history::refuse(caf::error why) {
  gate_.refuse(std::move(why));
}

void memory_history::release() {
  gate_.open();
}

// -- what there is ------------------------------------------------------------

std::size_t memory_history::topics() const {
  std::size_t result = 0;
  for (auto& shard : shards_) {
    std::lock_guard guard{shard->mutex};
    result += shard->size();
  }
  return result;
}

std::size_t memory_history::bytes() const {
  std::size_t result = 0;
  for (auto& shard : shards_) {
    std::lock_guard guard{shard->mutex};
    result += shard->bytes();
  }
  return result;
}

} // namespace flamigo
