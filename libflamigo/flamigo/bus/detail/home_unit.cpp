#include "flamigo/bus/detail/home_unit.hpp"

#include <utility>

#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/bus/detail/wake_batch.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

namespace {

/// Of entries, whose memory is kept between two bursts.
constexpr std::size_t max_spare_entries = 4'096;

/// Set until the end of a block, however that ends.
struct set_here {
  ~set_here() {
    flag = false;
  }

  bool& flag;
};

} // namespace

home_unit::~home_unit() = default;

// -- on any thread ------------------------------------------------------------

void home_unit::put(homed_receiver to, caf::mailbox_element_ptr what) {
  put(entry{message{std::move(to), std::move(what)}});
}

bool home_unit::put(std::shared_ptr<const homed_receivers> to, event_ptr what) {
  return put(entry{audience{std::move(to), std::move(what)}});
}

void home_unit::put(caf::resumable* what) {
  put(entry{what});
}

bool home_unit::put(entry what) {
  std::unique_lock guard{mtx_};
  if (retired_) {
    guard.unlock();
    hand_on(what);
    return true;
  }
  auto is_event = std::holds_alternative<audience>(what);
  if (is_event && events_ == max_events)
    return false;
  put_.push_back(std::move(what));
  events_ += is_event ? 1 : 0;
  has_put_.store(true, std::memory_order_release);
  if (woken_ || (is_event && rests_ && events_ < max_events / 2))
    return true;
  auto later = wake_batch::exists();
  woken_ = !later;
  guard.unlock();
  if (later)
    wake_batch::hold(*this);
  else
    wake_or_retry();
  return true;
}

void home_unit::wake_up() noexcept {
  {
    std::lock_guard guard{mtx_};
    if (woken_ || put_.empty())
      return;
    woken_ = true;
  }
  wake_or_retry();
}

void home_unit::wake_or_retry() noexcept {
  if (guarded_or_logged([this] { wake(); },
                        [] { return "a thread cannot be woken"; }))
    return;
  // What was put is there: it is found when the thread wakes by itself, or is
  // woken for what comes next.
  std::lock_guard guard{mtx_};
  woken_ = false;
}

// -- on its own thread --------------------------------------------------------

void home_unit::hand_on(std::size_t limit) {
  // It is what is handed on that asks for it.
  if (std::exchange(settling_, true))
    return;
  set_here until_end{settling_};
  std::size_t count = 0;
  for (auto taken = false; count < limit;) {
    if (next_ == taken_.size()) {
      if (std::exchange(taken, true) || !take())
        break;
    }
    count += hand_on(taken_[next_++]);
  }
}

bool home_unit::take() {
  if (taken_.capacity() > max_spare_entries)
    std::vector<entry>{}.swap(taken_);
  taken_.clear();
  next_ = 0;
  std::lock_guard guard{mtx_};
  taken_.swap(put_);
  events_ = 0;
  woken_ = rests_ = false;
  has_put_.store(false, std::memory_order_relaxed);
  return !taken_.empty();
}

std::size_t home_unit::hand_on(entry& what) {
  // From here on it holds nothing alive.
  auto mine = std::move(what);
  if (auto* x = std::get_if<message>(&mine)) {
    x->to.actor->accept_message(std::move(x->content));
    return 1;
  }
  if (auto* x = std::get_if<audience>(&mine)) {
    for (auto& to : x->to->all)
      to.accept(x->what);
    // Of a thread that has stopped, others hand it on.
    if (meter_ != nullptr && is_here())
      meter_->add(metric::events_delivered, x->to->all.size());
    return x->to->all.size();
  }
  auto ready = std::get<caf::resumable*>(mine);
  if (is_here())
    exec_later(ready);
  else
    system().scheduler().enqueue(ready);
  return 1;
}

void home_unit::begin_rest() noexcept {
  std::lock_guard guard{mtx_};
  rests_ = true;
}

void home_unit::end_rest() noexcept {
  std::lock_guard guard{mtx_};
  rests_ = false;
}

void home_unit::retire() {
  // Nobody may pass by what he has put before.
  for (auto waits = true; waits;) {
    settle();
    std::lock_guard guard{mtx_};
    waits = !put_.empty();
    retired_ = !waits;
  }
}

} // namespace flamigo::detail
