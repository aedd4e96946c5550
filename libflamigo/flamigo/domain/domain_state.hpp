#pragma once

#include <string>

namespace flamigo {

/// How a domain actor is.
enum class domain_state : unsigned char {
  /// It takes what it is sent.
  up,
  /// It has fallen, and is to be there: waiting for the next attempt, or for
  /// somebody to look after it. What it is asked is answered 503.
  down,
  /// It has ended by its own decision or was told to, and is not missed. What
  /// it is asked is answered 503.
  ended,
  /// It lives on another node, or on none, see `hosting_options::placement`:
  /// its strategies are called there.
  elsewhere,
};

/// Returns its name.
std::string to_string(domain_state x);

} // namespace flamigo
