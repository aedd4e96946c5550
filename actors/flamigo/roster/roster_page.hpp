#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_clock.hpp>

#include "flamigo/claims/claims.hpp"

namespace flamigo {

/// Which of the connections somebody wants to see.
struct roster_query {
  /// Of the clock of the actor system.
  using time_point = caf::actor_clock::time_point;

  /// Stands in the id of the connection, in the id or the name of its user, or
  /// in its remote address. Empty for all.
  std::string text = {};

  /// The id of the only one that is wanted; empty for all.
  std::string connection = {};

  /// How many of them at most.
  std::size_t limit = 100;

  /// Those come first of which this is greatest, and of the same the latest. It
  /// is asked of each in the roster's actor: it must not block or throw. Null
  /// for the latest.
  std::function<std::uint64_t(const caf::actor& client, time_point since)>
    weight = {};
};

/// Connections as the roster knows them.
struct roster_page {
  /// One of them.
  struct entry {
    /// The connection actor; it may have ended meanwhile.
    caf::actor client;
    /// As the roster has last heard.
    claims_ptr who;
    /// When it was opened.
    roster_query::time_point since;
    /// As the query has it.
    std::uint64_t weight = 0;
  };

  /// In the order that was asked for.
  std::vector<entry> entries;

  /// All that have the text in them.
  std::size_t matching = 0;
};

} // namespace flamigo
