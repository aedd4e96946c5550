#pragma once

#include <string>
#include <vector>

#include <boost/describe/class.hpp>

namespace flamigo {

/// What a strategy's listing tells.
struct strategy_info {
  /// `namespace::domain:action`.
  std::string name;
  /// The printed claim validators, empty when everyone may call it.
  std::string guard;
  /// Readable type names, one for each handler.
  std::vector<std::string> inputs;
  /// As the inputs; "none" without a result.
  std::vector<std::string> outputs;
  /// "inline" or "hosted".
  std::string home;
};

BOOST_DESCRIBE_STRUCT(strategy_info, (), (name, guard, inputs, outputs, home))

} // namespace flamigo
