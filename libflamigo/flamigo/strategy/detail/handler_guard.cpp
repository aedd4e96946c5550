#include "flamigo/strategy/detail/handler_guard.hpp"

#include "flamigo/claims/detail/validator_node.hpp"

namespace flamigo::detail {

namespace {

bool demands(const validator& given, const validator& x) {
  return x.empty() || (!given.empty() && given.node()->demands(*x.node()));
}

} // namespace

validator join_guards(validator given, const std::vector<validator>& asked) {
  // What has to be there at all comes first: it says what is missing.
  validator result;
  for (auto& x : asked)
    if (!demands(given, x) && !demands(result, x))
      result = result.empty() ? x : all_of(result, x);
  if (result.empty())
    return given;
  return given.empty() ? result : all_of(result, given);
}

} // namespace flamigo::detail
