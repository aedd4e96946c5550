#pragma once

#include <memory>
#include <string>

#include <caf/error.hpp>
#include <caf/result.hpp>

#include "flamigo/impl/late_reply.hpp"
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
  explicit response_promise(detail::reply_address to)
    : state_(std::make_shared<detail::late_reply>(std::move(to))) {
  }

  void deliver(const T& value) {
    if (pending())
      state_->deliver(to_json(value));
  }

  void deliver(caf::error reason) {
    state_->deliver(std::move(reason));
  }

  bool pending() const noexcept {
    return state_->pending();
  }

  operator caf::result<T>() const {
    return caf::delegated<T>{};
  }

private:
  std::shared_ptr<detail::late_reply> state_;
};

template <>
class response_promise<void> {
public:
  explicit response_promise(detail::reply_address to)
    : state_(std::make_shared<detail::late_reply>(std::move(to))) {
  }

  void deliver() {
    state_->deliver(std::string{"null"});
  }

  void deliver(caf::error reason) {
    state_->deliver(std::move(reason));
  }

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
