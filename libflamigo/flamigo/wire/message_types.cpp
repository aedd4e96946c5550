#include "flamigo/wire/message_types.hpp"

#include <caf/actor_system_config.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/error/detail/onion.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/topic/topic_pattern.hpp"

namespace flamigo {

void init_message_types(caf::actor_system_config& cfg) {
  cfg.add_message_type<detail::onion>("flamigo::onion");
  cfg.add_message_type<claims>("flamigo::claims");
  cfg.add_message_type<topic>("flamigo::topic");
  cfg.add_message_type<topic_pattern>("flamigo::topic_pattern");
  cfg.add_error_category(error_category,
                         [](std::uint8_t code, caf::atom_value category,
                            const caf::message& context) {
                           return trace_of({code, category, context});
                         });
}

} // namespace flamigo
