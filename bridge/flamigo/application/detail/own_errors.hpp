#pragma once

#include "flamigo/auth/authenticator.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/contract/contract_notes.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

/// What the strategies of the framework answer with besides what is said of
/// every strategy, added to what the program has declared. The authenticator is
/// null where nobody proves who he is.
contract_notes with_own_errors(contract_notes notes,
                               const strategy_registry& strategies,
                               const channel_registry& channels,
                               const authenticator* verifier);

} // namespace flamigo::detail
