#include "flamigo/claims/foresight.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace flamigo {

namespace {

using answer = foresight::answer;

foresight settled(answer what) {
  return {.says = what};
}

/// Both are open.
foresight joined(const foresight& x, const foresight& y) {
  foresight result{.says = answer::depends};
  std::set_union(x.on.begin(), x.on.end(), y.on.begin(), y.on.end(),
                 std::back_inserter(result.on));
  return result;
}

} // namespace

bool foresight::operator==(const foresight& other) const {
  return says == other.says && on == other.on;
}

foresight depends_on(std::string predicate) {
  return {.says = answer::depends, .on = {std::move(predicate)}};
}

foresight both(foresight x, const foresight& y) {
  if (x.says == answer::no || y.says == answer::no)
    return settled(answer::no);
  if (x.says == answer::yes)
    return y;
  return y.says == answer::yes ? x : joined(x, y);
}

foresight either(foresight x, const foresight& y) {
  if (x.says == answer::yes || y.says == answer::yes)
    return settled(answer::yes);
  if (x.says == answer::no)
    return y;
  return y.says == answer::no ? x : joined(x, y);
}

foresight opposite(foresight x) {
  if (x.says == answer::depends)
    return x;
  return settled(x.says == answer::yes ? answer::no : answer::yes);
}

} // namespace flamigo
