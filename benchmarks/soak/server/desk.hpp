#pragma once

#include <atomic>
#include <cstdint>

#include <flamigo/domain/domain_actor.hpp>

namespace flamigo::soak {

/// A domain actor with strategies: it echoes, publishes, and subscribes clients
/// from outside of their actors. `published` counts its numbered events.
flamigo::domain_behavior desk(flamigo::domain_actor<>* self,
                              std::atomic<std::uint64_t>* published);

} // namespace flamigo::soak
