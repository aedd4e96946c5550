#pragma once

#include <string>

#include "flamigo/claims/claims.hpp"
#include "flamigo/claims/foresight.hpp"
#include "flamigo/claims/validator.hpp"

namespace flamigo {

/// Something that is guarded, and that somebody outside may want to reach.
struct door {
  /// What it is: `strategy`, `channel` or `http`.
  std::string kind;
  /// What that is called: the strategy's name, the pattern of the channel's
  /// topics, or method and path.
  std::string name;
  /// Who may come in.
  validator guard = {};
  /// Whether guests are turned away although the guard lets them in.
  bool needs_user = false;
  /// What else looks at each call, such as a channel's check; empty if nothing
  /// does.
  std::string also = {};
  /// The strategy that is called behind it: that of a path, or the one that
  /// runs before a channel is joined. Empty if there is none, and of
  /// strategies.
  std::string strategy = {};
  /// Who may call that one; whether it is `internal` does not matter here.
  validator behind = {};
};

/// Returns whether such claims come in. They get the type that comes by this
/// door: `http`, or `websocket`.
/// @relates door
foresight comes_in(const door& by, claims who);

} // namespace flamigo
