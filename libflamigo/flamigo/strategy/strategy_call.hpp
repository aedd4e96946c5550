#pragma once

#include <string>

#include <caf/meta/type_name.hpp>
#include <caf/timespan.hpp>

namespace flamigo {

/// A request to the backend actor: call this strategy as the backend. It
/// answers with a `strategy_reply` or an error.
struct strategy_call {
  /// The strategy.
  std::string name;
  /// The text of one JSON value.
  std::string payload;
  /// For the answer; then it is `errc::timeout`.
  caf::timespan timeout;
  /// Whether all items of a stream are asked for: a JSON array.
  bool items = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, strategy_call& x) {
  return f(caf::meta::type_name("strategy_call"), x.name, x.payload, x.timeout,
           x.items);
}

} // namespace flamigo
