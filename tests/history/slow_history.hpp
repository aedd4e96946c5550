#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flamigo/error/error.hpp"
#include "flamigo/history/history_engine.hpp"

namespace flamigo::test {

/// An engine that takes its time: what it is asked waits until a test lets it
/// go on, in any order, or has it fail. For one thread.
class slow_history : public history_engine {
public:
  explicit slow_history(history_engine& behind) : behind_(behind) {
  }

  // -- what a test does -------------------------------------------------------

  /// How much waits.
  std::size_t waiting() const noexcept {
    return asked_.size();
  }

  /// Does and answers what was asked first, or what was asked `which` later
  /// than that.
  void answer(std::size_t which = 0) {
    take(which)({});
  }

  /// The same with an error.
  void fail(std::size_t which = 0,
            caf::error why = make_error(errc::unavailable)) {
    take(which)(std::move(why));
  }

  /// Answers all that waits and what is asked meanwhile.
  void answer_all() {
    while (!asked_.empty())
      answer();
  }

  /// From now on it answers at once, as the one behind it does.
  void hurry() {
    is_fast_ = true;
    answer_all();
  }

  // -- history_engine ---------------------------------------------------------

  void append(std::shared_ptr<history_append> what) override {
    put([this, what = std::move(what)](caf::error why) {
      if (why)
        what->stored(std::move(why));
      else
        behind_.append(what);
    });
  }

  void follow(std::string_view topic, const history_limits& limits,
              position_receiver then) override {
    put([this, topic = std::string{topic}, limits,
         then = std::move(then)](caf::error why) {
      if (why)
        then(std::move(why));
      else
        behind_.follow(topic, limits, then);
    });
  }

  void unfollow(std::string_view topic) override {
    put([this, topic = std::string{topic}](const caf::error&) {
      behind_.unfollow(topic);
    });
  }

  void read(std::string_view topic, const history_position& after,
            std::size_t max_bytes, slice_receiver then) override {
    put([this, topic = std::string{topic}, after, max_bytes,
         then = std::move(then)](caf::error why) {
      if (why)
        then(std::move(why));
      else
        behind_.read(topic, after, max_bytes, then);
    });
  }

private:
  using task = std::function<void(caf::error)>;

  void put(task what) {
    if (is_fast_)
      what({});
    else
      asked_.push_back(std::move(what));
  }

  task take(std::size_t which) {
    auto i = asked_.begin() + static_cast<std::ptrdiff_t>(which);
    auto result = std::move(*i);
    asked_.erase(i);
    return result;
  }

  history_engine& behind_;
  std::deque<task> asked_;
  bool is_fast_ = false;
};

} // namespace flamigo::test
