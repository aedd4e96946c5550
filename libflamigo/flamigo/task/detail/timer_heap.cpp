#include "flamigo/task/detail/timer_heap.hpp"

#include <tuple>
#include <utility>

namespace flamigo::detail {

void timer_heap::add(timer& what, timer::time_point due) noexcept {
  what.due_ = due;
  what.number_ = ++count_;
  what.is_in_ = true;
  first_ = merge(first_, &what);
}

void timer_heap::remove(timer& what) noexcept {
  if (!what.is_in_)
    return;
  what.is_in_ = false;
  auto below = merge_all(std::exchange(what.child_, nullptr));
  if (&what == first_) {
    first_ = below;
    return;
  }
  if (what.before_->child_ == &what)
    what.before_->child_ = what.next_;
  else
    what.before_->next_ = what.next_;
  if (what.next_ != nullptr)
    what.next_->before_ = what.before_;
  what.next_ = what.before_ = nullptr;
  first_ = merge(first_, below);
}

timer* timer_heap::take_due(timer::time_point now) noexcept {
  if (first_ == nullptr || first_->due_ > now)
    return nullptr;
  auto result = first_;
  remove(*result);
  return result;
}

timer* timer_heap::merge(timer* a, timer* b) noexcept {
  if (a == nullptr || b == nullptr)
    return a != nullptr ? a : b;
  if (std::tie(b->due_, b->number_) < std::tie(a->due_, a->number_))
    std::swap(a, b);
  b->next_ = a->child_;
  if (b->next_ != nullptr)
    b->next_->before_ = b;
  b->before_ = a;
  a->child_ = b;
  return a;
}

timer* timer_heap::merge_all(timer* first) noexcept {
  // Pairs from the front, then all of them from the back.
  timer* pairs = nullptr;
  while (first != nullptr) {
    auto a = first;
    auto b = a->next_;
    first = b != nullptr ? b->next_ : nullptr;
    a->next_ = a->before_ = nullptr;
    if (b != nullptr)
      b->next_ = b->before_ = nullptr;
    auto pair = merge(a, b);
    pair->next_ = pairs;
    pairs = pair;
  }
  timer* result = nullptr;
  while (pairs != nullptr) {
    auto next = std::exchange(pairs->next_, nullptr);
    result = merge(result, pairs);
    pairs = next;
  }
  return result;
}

} // namespace flamigo::detail
