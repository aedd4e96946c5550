#pragma once

#include <string>

#include "flamigo/client/detail/client_question.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/context/services.hpp"

namespace flamigo::detail {

/// Which connections are asked: all that the bus knows, or those of this
/// process.
enum class asked_where {
  everywhere,
  here
};

/// Asks all connections of the question's user. The first that answers is
/// whose answer the asker gets; the others are told that it is over.
void ask_user(const services& app, client_question what, reply_address asker,
              asked_where where = asked_where::everywhere);

} // namespace flamigo::detail
