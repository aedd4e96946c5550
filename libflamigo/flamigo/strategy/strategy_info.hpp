#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/json/detail/bytes_within.hpp"
#include "flamigo/json/raw_json.hpp"
#include "flamigo/schema/schema_function.hpp"
#include "flamigo/strategy/detail/text_kind.hpp"

namespace flamigo {

/// What a strategy's listing tells.
struct strategy_info {
  /// `namespace::domain:action`.
  std::string name;
  /// The printed claim validators, empty when everyone may call it. Those of
  /// one for the program alone have `internal` in them.
  std::string guard;
  /// Readable type names, one for each handler.
  std::vector<std::string> inputs;
  /// As the inputs; "none" without a result.
  std::vector<std::string> outputs;
  /// "inline" or "hosted".
  std::string home;
  /// One object for each handler: the members of its input that need not come,
  /// with what they are then, such as `{"limit":20}`.
  std::vector<raw_json> defaults;
  /// The patterns by which it is wrapped, from the outermost on; see
  /// `strategy_registry::around`.
  std::vector<std::string> around = {};
  /// Whether a call that has begun goes on although nobody waits for it.
  bool detached = false;
  /// Whether it answers in parts: each item is such an output.
  bool streams = false;
  /// How many domain actors share it, each with the calls of some keys; 1 as a
  /// rule.
  std::size_t shards = 1;
  /// What says which members of each of the inputs a text may become; null in
  /// one that has none.
  ///
  /// @private
  std::vector<detail::kind_finder> kinds_in = {};
  /// What makes the schema of each of the inputs; null for none.
  ///
  /// @private
  std::vector<schema_function> schemas_in = {};
  /// What makes those of all that it may answer with; none for nothing.
  ///
  /// @private
  std::vector<schema_function> schemas_out = {};
  /// What finds the bytes in each of the inputs; null in one that has none.
  ///
  /// @private
  std::vector<detail::bytes_finder> bytes_in = {};
  /// The same in what it answers with, if that is of one type.
  ///
  /// @private
  detail::bytes_finder bytes_out = nullptr;
};

BOOST_DESCRIBE_STRUCT(strategy_info, (),
                      (name, guard, inputs, outputs, home, defaults, around,
                       detached, streams, shards))

} // namespace flamigo
