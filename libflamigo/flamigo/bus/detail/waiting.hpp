#pragma once

#include <string_view>

#include <caf/error.hpp>

/// An actor must not wait for another one: that may be one that this very
/// thread has to run.
namespace flamigo::detail {

/// The actor that this thread runs, as far as that is known: a connection's, or
/// something that stands for any on a thread of CAF's. Null elsewhere.
extern constinit thread_local const void* running_actor;

/// Says that the calling thread runs actors and nothing else, until it ends.
void runs_actors() noexcept;

/// An error, which says to do `instead`, if `what` would wait in an actor.
caf::error check_may_wait(std::string_view what, std::string_view instead);

} // namespace flamigo::detail
