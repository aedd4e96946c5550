#pragma once

#include <caf/event_based_actor.hpp>
#include <caf/message_id.hpp>

#include "flamigo/context/detail/reply_port.hpp"

namespace flamigo::detail {

/// What is run inside a call answers to the actor that runs it, if its answer
/// comes late.
class nested_port final : public reply_port {
public:
  explicit nested_port(caf::event_based_actor& self) : self_(self) {
  }

  reply_address defer() override {
    id = self_.new_request_id(caf::message_priority::normal).response_id();
    return {self_.ctrl(), id};
  }

  /// Of the response; not a response's id if none is to come.
  caf::message_id id;

private:
  caf::event_based_actor& self_;
};

} // namespace flamigo::detail
