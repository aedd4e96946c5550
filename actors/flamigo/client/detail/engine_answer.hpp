#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/expected.hpp>
#include <caf/send.hpp>

#include "flamigo/client/detail/client_input.hpp"

namespace flamigo::detail {

/// What a history engine has to say to a connection's actor: within the call
/// that asks, or later, on any thread, by a message.
template <class T>
class engine_answer : public std::enable_shared_from_this<engine_answer<T>> {
public:
  engine_answer(caf::actor_control_block* asker, std::uint32_t serial)
    : asker_(asker), serial_(serial) {
  }

  /// What the engine is to call.
  auto receiver() {
    return [self = this->shared_from_this()](caf::expected<T> what) {
      self->take(std::move(what));
    };
  }

  /// What it has said in the call, if it has.
  std::optional<caf::expected<T>> end_of_call() {
    caller_ = std::thread::id{};
    return std::move(value_);
  }

private:
  void take(caf::expected<T> what) {
    if (caller_.load() == std::this_thread::get_id())
      value_.emplace(std::move(what));
    else if (auto to = asker_.lock())
      caf::anon_send(caf::actor_cast<caf::actor>(to),
                     channel_answer<T>{serial_, std::move(what)});
  }

  caf::weak_actor_ptr asker_;
  std::uint32_t serial_;
  std::atomic<std::thread::id> caller_ = std::this_thread::get_id();
  std::optional<caf::expected<T>> value_;
};

} // namespace flamigo::detail
