#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <caf/actor_clock.hpp>
#include <caf/fwd.hpp>

#include "flamigo/client/detail/question_part.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/json/detail/bytes_within.hpp"

namespace flamigo::detail {

/// What one client was asked and has not answered yet. There are few, so this
/// is a vector. Pure: no clock.
class open_questions {
public:
  using time_point = caf::actor_clock::time_point;

  struct question {
    /// Never twice on one connection.
    std::uint64_t id;
    time_point deadline;
    caf::actor_id asker_id;
    /// Where the answer goes.
    std::unique_ptr<late_reply> asker;
    /// By which it is withdrawn; null if it is not.
    std::unique_ptr<question_part> part = nullptr;
    /// What finds the bytes in the answer; null if there are none.
    bytes_finder bytes = nullptr;
  };

  bool empty() const noexcept {
    return list_.empty();
  }

  std::size_t size() const noexcept {
    return list_.size();
  }

  /// Returns the new one, which is there until the list changes.
  question& add(time_point deadline, caf::actor_id asker_id,
                std::unique_ptr<late_reply> asker) {
    list_.push_back({++last_id_, deadline, asker_id, std::move(asker)});
    return list_.back();
  }

  /// Takes out the one with this id.
  std::optional<question> take(std::uint64_t id) {
    return take_if([id](auto& x) { return x.id == id; });
  }

  /// Takes out one that this actor has asked.
  std::optional<question> take_from(caf::actor_id asker) {
    return take_if([asker](auto& x) { return x.asker_id == asker; });
  }

  /// Takes out one whose deadline is not later than `now`.
  std::optional<question> take_expired(time_point now) {
    return take_if([now](auto& x) { return x.deadline <= now; });
  }

  /// Takes out all of them.
  std::vector<question> take_all() noexcept {
    return std::exchange(list_, {});
  }

  /// The earliest deadline; must not be empty.
  time_point next_deadline() const {
    return std::min_element(list_.begin(), list_.end(),
                            [](auto& x, auto& y) {
                              return x.deadline < y.deadline;
                            })
      ->deadline;
  }

private:
  template <class Pred>
  std::optional<question> take_if(Pred pred) {
    auto i = std::find_if(list_.begin(), list_.end(), pred);
    if (i == list_.end())
      return std::nullopt;
    auto result = std::move(*i);
    list_.erase(i);
    return result;
  }

  std::vector<question> list_;
  std::uint64_t last_id_ = 0;
};

} // namespace flamigo::detail
