#pragma once

#include <string>

#include <caf/actor_clock.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/message_id.hpp>

#include "flamigo/task/detail/response_waiter.hpp"

namespace flamigo::detail {

/// A question that a client was asked, and what has become of it. Without
/// types, so that it is compiled once.
class answer_waiter : public response_waiter {
public:
  using time_point = caf::actor_clock::time_point;

  answer_waiter(caf::event_based_actor& self, std::string topic,
                caf::message_id id, time_point deadline);

  answer_waiter(answer_waiter&& other) noexcept = default;

protected:
  /// The error; or none, and the answer is there.
  caf::error result();

  /// How the trace names it.
  const std::string& where() const noexcept {
    return where_;
  }

  caf::message_id response_;
  time_point deadline_;
  /// The text of one JSON value.
  std::string json_;

private:
  void take(caf::mailbox_element& what) override;

  std::string where_;
  bool taken_ = false;
};

} // namespace flamigo::detail
