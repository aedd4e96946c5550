#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include <caf/timespan.hpp>

namespace flamigo::detail {

/// What is to be done later, by a clock that somebody else keeps.
class remote_timers {
public:
  using function = std::function<void()>;
  using id = std::pair<caf::timespan, std::uint64_t>;

  /// `now` is the time since any beginning. `wake` hears when `run_due` is to
  /// be called next, each time that this becomes earlier.
  remote_timers(std::function<caf::timespan()> now,
                std::function<void(caf::timespan)> wake);

  caf::timespan now() const {
    return now_();
  }

  id start(caf::timespan in, function what);

  /// Nothing happens when it is over.
  void stop(id which);

  /// Does what is due, and what becomes due by that.
  void run_due();

  /// When something is due, if anything is.
  std::optional<caf::timespan> next() const;

private:
  void announce();

  std::function<caf::timespan()> now_;
  std::function<void(caf::timespan)> wake_;
  std::map<id, function> all_;
  std::uint64_t last_ = 0;
  std::optional<caf::timespan> announced_;
  bool runs_ = false;
};

/// One thing that is done later, unless it is put off or given up.
class remote_timer {
public:
  explicit remote_timer(remote_timers& in) : in_(in) {
  }

  remote_timer(const remote_timer&) = delete;

  remote_timer& operator=(const remote_timer&) = delete;

  ~remote_timer() {
    stop();
  }

  /// In place of what was to be done.
  void start(caf::timespan in, remote_timers::function what) {
    stop();
    id_ = in_.start(in, std::move(what));
  }

  void stop() {
    if (id_)
      in_.stop(*std::exchange(id_, std::nullopt));
  }

private:
  remote_timers& in_;
  std::optional<remote_timers::id> id_;
};

} // namespace flamigo::detail
