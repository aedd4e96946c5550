#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include "flamigo/context/detail/reply_port.hpp"

namespace flamigo::detail {

/// The answer to who waits until his event is handled, as long as coroutines
/// handle it. All in the actor of the listener.
class open_event_answer {
public:
  explicit open_event_answer(reply_address to) noexcept : to_(std::move(to)) {
  }

  open_event_answer(const open_event_answer&) = delete;

  open_event_answer& operator=(const open_event_answer&) = delete;

  /// Answers: nobody handles the event any more.
  ~open_event_answer();

  /// One more handles it.
  void begin() noexcept {
    ++running_;
  }

  /// One has handled it.
  void end(caf::error why);

  /// What one has failed with that has handled it at once.
  void fail(caf::error why);

private:
  reply_address to_;
  std::size_t running_ = 0;
  caf::error failure_;
};

/// What a message with an event is answered with.
class event_answer {
public:
  /// To who has asked; without a target to the sender of the message that this
  /// actor handles now, if that is a request.
  event_answer(caf::event_based_actor& self, reply_address to) noexcept
    : self_(self), to_(std::move(to)) {
  }

  /// Keeps it open until the last of these has gone. Null if nobody asks.
  std::shared_ptr<open_event_answer> hold();

  /// Whether it is answered later; a failure is told then.
  bool is_open(const caf::error& why);

private:
  caf::event_based_actor& self_;
  reply_address to_;
  std::shared_ptr<open_event_answer> open_;
};

} // namespace flamigo::detail
