#pragma once

#include <memory>

#include <caf/allowed_unsafe_message_type.hpp>

#include "flamigo/domain/domain_term.hpp"

namespace flamigo::detail {

/// Tells the supervisor of a domain that has a placement: it is to live here.
struct term_begins {
  std::shared_ptr<const domain_term> term;
};

/// It is not to live here any more. A request of it is answered when the
/// domain has ended.
struct term_ends {};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::term_begins)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::term_ends)
