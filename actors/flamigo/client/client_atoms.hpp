#pragma once

#include <caf/atom.hpp>

namespace flamigo {

/// Request to a connection actor: it answers with its `claims_ptr`.
using claims_atom = caf::atom_constant<caf::atom("claims")>;

/// Message to a connection actor: answer new requests with 503, and close with
/// 3001 as soon as nothing is in flight.
using drain_atom = caf::atom_constant<caf::atom("drain")>;

static constexpr claims_atom claims_atom_v = claims_atom::value;

static constexpr drain_atom drain_atom_v = drain_atom::value;

} // namespace flamigo
