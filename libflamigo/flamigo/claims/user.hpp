#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/error.hpp>
#include <caf/meta/load_callback.hpp>
#include <caf/meta/type_name.hpp>

#include "flamigo/topic/topic.hpp"

namespace flamigo {

/// The length of a user's id, in bytes, so that topics can be made of it; the
/// `sub` of OpenID Connect is shorter (Core 1.0, 2). Nobody becomes a user with
/// a longer one.
inline constexpr std::size_t max_user_id = 256;

/// Who somebody is, once a token or a password has proved it. Plain data.
struct user {
  // All have an initializer: g++ warns of what designated ones leave out else.

  /// For a user who has authenticated, never empty and at most `max_user_id`
  /// bytes. Unique for one issuer of identities, not among several.
  std::string id{};
  /// For people: neither unique nor checked.
  std::string name{};
  /// What the user may do, in the application's own words.
  std::vector<std::string> permissions{};
  /// When the proof ends; none is never. May lie a little in the past where
  /// clocks that differ are forgiven.
  std::optional<std::chrono::system_clock::time_point> expiry{};
  /// Whatever else is known, as text.
  std::map<std::string, std::string> extras{};

  // Not defaulted: each file would look at every operator that there is.
  bool operator==(const user& other) const;
};

/// Returns whether `who` has exactly that permission: there are no wildcards,
/// and case matters.
bool has_permission(const user& who, std::string_view permission) noexcept;

/// The topic of a user, `users/<id>`, with the id as `topic_segment` writes it.
/// All connections of a user are subscribed to it and to what is below: clients
/// get the client events that are published there. Throws std::invalid_argument
/// for an id that is too long to be a user's.
topic user_topic(std::string_view id);

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, user& x) {
  using time = std::chrono::system_clock::time_point;
  constexpr auto never = time::max().time_since_epoch().count();
  auto expiry = x.expiry ? x.expiry->time_since_epoch().count() : never;
  auto load = caf::meta::load_callback([&]() -> caf::error {
    x.expiry.reset();
    if (expiry != never)
      x.expiry.emplace(time::duration{expiry});
    return {};
  });
  return f(caf::meta::type_name("flamigo::user"), x.id, x.name, x.permissions,
           expiry, x.extras, load);
}

} // namespace flamigo
