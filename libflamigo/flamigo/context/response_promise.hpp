#pragma once

#include <memory>
#include <string>

#include <caf/error.hpp>
#include <caf/result.hpp>

#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo {

/// The answer of a strategy that comes later. Get one from
/// `context::make_promise`, return it (or a `caf::result<T>` made of it) from
/// the handler, and deliver when the answer is known.
///
/// Copies share one answer: the first delivery counts, later ones do nothing.
/// May be delivered from any thread. When the last copy goes without a
/// delivery, the caller gets an internal error at once.
template <class T>
class response_promise {
public:
  /// Made by `context::make_promise`.
  explicit response_promise(std::shared_ptr<detail::late_reply> answer) noexcept
    : state_(std::move(answer)) {
  }

  /// Answers with this result.
  void deliver(const T& value) {
    if (pending())
      state_->deliver(to_json(value));
  }

  /// Answers with this error.
  void deliver(caf::error reason) {
    state_->deliver(std::move(reason));
  }

  /// Whether nothing was delivered yet.
  bool pending() const noexcept {
    return state_->pending();
  }

  operator caf::result<T>() const {
    return caf::delegated<T>{};
  }

private:
  std::shared_ptr<detail::late_reply> state_;
};

/// The answer of a strategy without a result, which is `null`.
template <>
class response_promise<void> {
public:
  /// Made by `context::make_promise`.
  explicit response_promise(std::shared_ptr<detail::late_reply> answer) noexcept
    : state_(std::move(answer)) {
  }

  /// Answers `null`.
  void deliver() {
    state_->deliver(std::string{"null"});
  }

  /// Answers with this error; `null` if it is none, as of what has succeeded.
  void deliver(caf::error reason) {
    if (reason)
      state_->deliver(std::move(reason));
    else
      deliver();
  }

  /// Whether nothing was delivered yet.
  bool pending() const noexcept {
    return state_->pending();
  }

  operator caf::result<void>() const {
    return caf::delegated<void>{};
  }

private:
  std::shared_ptr<detail::late_reply> state_;
};

} // namespace flamigo
