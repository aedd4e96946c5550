#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <caf/event_based_actor.hpp>

#include "flamigo/context/detail/unfinished_work.hpp"

namespace flamigo::detail {

/// An actor that outlives what is not its own death. CAF ends an actor when
/// something leaves one of its handlers, when an error comes back to a plain
/// `send`, and leaves it without a word about a message that it has no handler
/// for. Here
///
///   * what leaves a handler (of a message, a response, a timeout) is logged,
///     and answers the request that was handled;
///   * an error that nobody has asked for is logged;
///   * so is a message without a handler. Whoever asked is told so, and who did
///     not hears nothing, since an answer would be such an error for him.
///
/// What comes after that is up to the exception handler, as in CAF: the actor
/// goes on if that returns no error, and ends with the error else. The default
/// here returns none.
class enduring_actor : public caf::event_based_actor {
public:
  explicit enduring_actor(caf::actor_config& cfg);

  ~enduring_actor() override;

  /// Whether an actor is one of these; null if it is not.
  static enduring_actor* of(caf::event_based_actor* self) noexcept {
    return self != nullptr && self->getf(is_enduring_flag)
             ? static_cast<enduring_actor*>(self)
             : nullptr;
  }

  /// What it has begun, of which there is one; null as a rule. In this actor.
  unfinished_work* unfinished() const noexcept {
    return unfinished_.get();
  }

  void unfinished(std::unique_ptr<unfinished_work> what) noexcept;

  /// How many strategies have called one another up to what it runs now; 0 if
  /// that is no strategy. Returns what it was before.
  std::uint32_t call_depth(std::uint32_t now) noexcept {
    return std::exchange(call_depth_, now);
  }

  std::uint32_t call_depth() const noexcept {
    return call_depth_;
  }

  /// That of the term under which it lives on this node; 0 if it knows none.
  virtual std::uint64_t fencing_token() const noexcept {
    return 0;
  }

  /// How the log names it.
  virtual std::string title() const = 0;

  caf::invoke_message_result consume(caf::mailbox_element& what) override;

  /// Ends what it has begun; to be called by who overrides it, first.
  void on_exit() override;

private:
  /// One that CAF leaves free, to be asked on any actor for the price of a bit.
  static constexpr int is_enduring_flag = 0x00100000;

  bool answered(caf::mailbox_element& what);

  void failed(std::exception_ptr thrown);

  caf::error verdict(std::exception_ptr& thrown);

  caf::result<caf::message> unknown(const caf::message_view& what);

  std::unique_ptr<unfinished_work> unfinished_;
  std::uint32_t call_depth_ = 0;
};

} // namespace flamigo::detail
