#include "flamigo/bus/detail/read_section.hpp"

#include <thread>

namespace flamigo::detail {

namespace {

/// Whether the thread has had its end, and will not be told of another.
constinit thread_local bool ended = false;

/// A section is a few hundred instructions long, if its thread runs.
constexpr int looks_before_yield = 64;

} // namespace

/// Gives the place of a thread back when that ends.
struct read_section::thread_end {
  ~thread_end() {
    ended = true;
    if (current_ != nullptr)
      give_back(*current_);
    current_ = nullptr;
  }
};

read_section::place* read_section::join() {
  place* result = nullptr;
  for (auto* x = all_.load(); x != nullptr && result == nullptr; x = x->next)
    if (!x->taken.load(std::memory_order_relaxed)
        && !x->taken.exchange(true, std::memory_order_acquire))
      result = x;
  if (result == nullptr) {
    result = new place;
    result->next = all_.load();
    // Before its first section, so that whoever does not see it is not seen.
    while (!all_.compare_exchange_weak(result->next, result))
      ;
  }
  // What other destructors of the thread publish has a place for that moment.
  if (!ended) {
    static thread_local thread_end at_end;
    (void) at_end;
    current_ = result;
  }
  return result;
}

void read_section::synchronize() noexcept {
  for (auto* x = all_.load(); x != nullptr; x = x->next) {
    auto turns = x->turns.load();
    if (turns % 2 == 0)
      continue;
    for (int looks = 0; x->turns.load() == turns; ++looks)
      if (looks >= looks_before_yield)
        std::this_thread::yield();
  }
}

std::size_t read_section::places() noexcept {
  std::size_t result = 0;
  for (auto* x = all_.load(); x != nullptr; x = x->next)
    ++result;
  return result;
}

} // namespace flamigo::detail
