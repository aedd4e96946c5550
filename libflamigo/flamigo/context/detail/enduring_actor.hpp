#pragma once

#include <exception>
#include <string>

#include <caf/event_based_actor.hpp>

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

  /// How the log names it.
  virtual std::string title() const = 0;

  caf::invoke_message_result consume(caf::mailbox_element& what) override;

private:
  void failed(std::exception_ptr thrown);

  caf::error verdict(std::exception_ptr& thrown);

  caf::result<caf::message> unknown(const caf::message_view& what);
};

} // namespace flamigo::detail
