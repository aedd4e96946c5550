#include "flamigo/bus/detail/wake_batch.hpp"

#include <algorithm>
#include <vector>

#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

namespace {

thread_local wake_batch* current = nullptr;

/// Whom the current one has to wake. Its memory is used again and again.
thread_local std::vector<home_unit*> held;

void wake_held() noexcept {
  for (auto what : held)
    what->wake_up();
  held.clear();
}

} // namespace

wake_batch::wake_batch(time_point now) noexcept : since_(now) {
  current = this;
}

wake_batch::~wake_batch() {
  current = nullptr;
  wake_held();
}

bool wake_batch::exists() noexcept {
  return current != nullptr;
}

void wake_batch::hold(home_unit& what) noexcept {
  if (std::find(held.begin(), held.end(), &what) == held.end()
      && !guarded_or_logged([&what] { held.push_back(&what); },
                            [] { return "a thread is woken at once"; }))
    what.wake_up();
  auto now = std::chrono::steady_clock::now();
  if (now - current->since_ < patience)
    return;
  current->since_ = now;
  wake_held();
}

} // namespace flamigo::detail
