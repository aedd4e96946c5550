#include "flamigo/history/detail/history_gate.hpp"

#include <utility>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

void history_gate::pass(visitor who) {
  caf::error why;
  {
    std::lock_guard guard{mtx_};
    auto now = now_.load(std::memory_order_relaxed);
    if (now == state::closed && waiting_.size() < max_waiting) {
      waiting_.push_back(std::move(who));
      return;
    }
    if (now == state::refusing)
      why = why_;
    else if (now == state::closed)
      why = make_error(errc::unavailable, "",
                       "too many wait for histories that are not there yet");
  }
  who(std::move(why));
}

void history_gate::close() {
  std::lock_guard guard{mtx_};
  now_.store(state::closed, std::memory_order_release);
}

void history_gate::refuse(caf::error why) {
  change(state::refusing, std::move(why));
}

void history_gate::open() {
  change(state::open, {});
}

void history_gate::change(state to, caf::error why) {
  std::vector<visitor> told;
  {
    std::lock_guard guard{mtx_};
    why_ = why;
    now_.store(to, std::memory_order_release);
    told.swap(waiting_);
  }
  for (auto& who : told)
    who(why);
}

} // namespace flamigo::detail
