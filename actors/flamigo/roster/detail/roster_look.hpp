#pragma once

#include <cstddef>
#include <functional>

#include <caf/actor_addr.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/expected.hpp>

#include "flamigo/roster/roster_page.hpp"

namespace flamigo::detail {

/// A look at the connections, which the roster takes a slice at a time, so that
/// those who come and go meanwhile do not wait.
struct roster_look {
  using receiver = std::function<void(caf::expected<roster_page>)>;

  roster_query query;
  /// Called once, in the roster's actor.
  receiver then;
  roster_page found = {};
  /// Where it goes on, in a table of that many places.
  std::size_t next = 0;
  std::size_t places = 0;

  /// Looks at one of them.
  void at(const caf::actor_addr& client, const claims_ptr& who,
          roster_query::time_point since);

  /// Has seen them all.
  void end();
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::roster_look)
