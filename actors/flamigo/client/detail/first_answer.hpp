#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <caf/expected.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

/// An answer that comes on any thread, perhaps before anybody waits for it.
template <class T>
class first_answer {
public:
  void take(caf::expected<T> what) {
    std::unique_lock guard{mtx_};
    if (!then_) {
      value_.emplace(std::move(what));
      return;
    }
    guard.unlock();
    give(*then_, std::move(what));
  }

  /// What has come.
  std::optional<caf::expected<T>> value() {
    std::lock_guard guard{mtx_};
    return std::move(value_);
  }

  void pass_to(resolver<T> then) {
    std::unique_lock guard{mtx_};
    if (!value_) {
      then_.emplace(std::move(then));
      return;
    }
    guard.unlock();
    give(then, std::move(*value_));
  }

private:
  static void give(const resolver<T>& to, caf::expected<T> what) {
    if (what)
      to(std::move(*what));
    else
      to.fail(std::move(what.error()));
  }

  std::mutex mtx_;
  std::optional<caf::expected<T>> value_;
  std::optional<resolver<T>> then_;
};

/// Calls `ask` with a function that takes the answer, and waits for that,
/// unless it has come when the call returns.
template <class T, class Ask>
task<T> answer_of(context ctx, Ask ask) {
  auto slot = std::make_shared<first_answer<T>>();
  ask([slot](caf::expected<T> what) { slot->take(std::move(what)); });
  if (auto now = slot->value())
    co_return std::move(*now);
  co_return co_await callback<T>(ctx, [&slot](resolver<T> then) {
    slot->pass_to(std::move(then));
  });
}

} // namespace flamigo::detail
