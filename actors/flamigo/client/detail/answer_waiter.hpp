#pragma once

#include <memory>
#include <string>

#include <caf/actor_clock.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/message_id.hpp>

#include "flamigo/context/detail/call_part.hpp"
#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/task/detail/response_waiter.hpp"

namespace flamigo::detail {

/// What a question that is asked in this call shares with who is asked; null if
/// it is asked in none, so that nobody withdraws it.
std::shared_ptr<call_state>
question_in(const std::shared_ptr<call_state>& caller, std::string topic);

/// A question that a client was asked, and what has become of it. It is
/// withdrawn when the call that has asked is cancelled. Without types, so that
/// it is compiled once.
class answer_waiter : public response_waiter, private call_part {
public:
  using time_point = caf::actor_clock::time_point;

  /// `caller` is the call that asks, and `asked` what it shares with the
  /// client; both are null if it is not withdrawn.
  answer_waiter(caf::event_based_actor& self, std::string topic,
                caf::message_id id, time_point deadline,
                std::shared_ptr<call_state> caller,
                std::shared_ptr<call_state> asked);

  /// Nobody was asked.
  answer_waiter(caf::event_based_actor& self, std::string topic,
                caf::error why);

  answer_waiter(answer_waiter&& other) noexcept = default;

protected:
  /// The error; or none, and the answer is there.
  caf::error result();

  void withdraw() noexcept override;

  /// How the trace names it.
  const std::string& where() const noexcept {
    return where_;
  }

  using call_part::call;

  caf::event_based_actor& self_;
  caf::message_id response_;
  time_point deadline_;
  /// What the client has of it.
  std::shared_ptr<call_state> asked_;
  /// The text of one JSON value.
  std::string json_;

private:
  void take(caf::mailbox_element& what) override;

  void tell(errc why) noexcept override;

  void stop(const caf::error& why) noexcept override;

  std::string where_;
  bool taken_ = false;
};

} // namespace flamigo::detail
