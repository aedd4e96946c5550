#pragma once

#include <caf/fwd.hpp>

namespace flamigo::detail {

/// What an actor has begun and goes on with when an answer comes. It is asked
/// before CAF's handlers of responses, and ends before the actor's state does.
class unfinished_work {
public:
  virtual ~unfinished_work() = default;

  /// Takes a response; false if nobody waits for it here.
  virtual bool answer(caf::mailbox_element& what) = 0;

  /// The actor ends, and this with it.
  virtual void end() noexcept = 0;
};

} // namespace flamigo::detail
