#pragma once

#include <string>

#include <caf/meta/type_name.hpp>

namespace flamigo {

/// The successful answer of a strategy on its way between actors: the text of
/// one JSON value.
struct strategy_reply {
  /// The text of one JSON value.
  std::string payload;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, strategy_reply& x) {
  return f(caf::meta::type_name("strategy_reply"), x.payload);
}

} // namespace flamigo
