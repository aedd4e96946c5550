#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "flamigo/context/context.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/task/detail/cancel_job.hpp"
#include "flamigo/task/detail/running_tasks.hpp"

namespace flamigo {

/// A function that `context::on_cancel` was given. To be used in the actor that
/// runs the call; copies are of the same function.
class cancel_hook {
public:
  /// Of none.
  cancel_hook() = default;

  /// Made by `on_cancel`.
  explicit cancel_hook(detail::cancel_job::place where) noexcept
    : where_(std::move(where)) {
  }

  /// Takes the function back, if it was not called yet.
  void end() noexcept {
    if (pending())
      (*where_)->end();
  }

  /// Whether it may be called still.
  bool pending() const noexcept {
    return where_ && *where_ != nullptr;
  }

private:
  detail::cancel_job::place where_;
};

template <class F>
cancel_hook context::on_cancel(F fun) const {
  static_assert(std::is_invocable_v<F&>,
                "the function of on_cancel() is called without arguments");
  static_assert(detail::ends_quietly<F>,
                "what the function of on_cancel() has captured may throw when "
                "it is destroyed, which would end the program: make its "
                "destructor noexcept");
  auto mine = state();
  auto ground = detail::running_tasks::of(self());
  if (!mine || ground == nullptr)
    return {};
  if (cancelled()) {
    detail::guarded_or_logged(fun, [] {
      return std::string{"what on_cancel was given"};
    });
    return {};
  }
  if (!mine->expect_end(*self()))
    return {};
  return cancel_hook{detail::cancel_job::begin(
    std::make_unique<detail::cancel_function<F>>(*ground, std::move(fun)),
    std::move(mine))};
}

} // namespace flamigo
