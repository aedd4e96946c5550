#pragma once

#include <caf/fwd.hpp>

namespace flamigo {

/// Teaches an actor system to serialise our values (errors, claims, topics) and
/// to print our errors. Call it before the system is made; the `configuration`
/// of the bridge has done so.
///
/// Within one process nothing needs this. It is by name (`add_message_type`)
/// and takes no type ID, so that a program is free to begin a type ID block of
/// its own at `caf::first_custom_type_id`.
void init_message_types(caf::actor_system_config& cfg);

} // namespace flamigo
