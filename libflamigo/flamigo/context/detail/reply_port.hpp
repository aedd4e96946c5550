#pragma once

#include <caf/actor_control_block.hpp>
#include <caf/message_id.hpp>

namespace flamigo::detail {

/// Where the late answer of a call goes: a CAF response to this actor.
struct reply_address {
  caf::strong_actor_ptr target;
  caf::message_id id;
};

/// The running call's side of a context. It turns an answer that would have
/// been given on return into one that is sent later.
class reply_port {
public:
  /// Called at most once a call, on the thread that runs it.
  virtual reply_address defer() = 0;

protected:
  ~reply_port() = default;
};

} // namespace flamigo::detail
