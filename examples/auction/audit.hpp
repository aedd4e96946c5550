#pragma once

#include <flamigo/flamigo.hpp>

#include "ledger.hpp"

namespace auction {

/// The domain actor that writes down what happens to all lots: it listens, and
/// nobody calls it. A bid that cannot be written is in the log of the program.
flamigo::domain_behavior audit(flamigo::domain_actor<>* self,
                               ledger_ptr ledger);

} // namespace auction
