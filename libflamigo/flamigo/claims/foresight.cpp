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

/// Those on which one of two depends.
std::vector<std::string> names_of(const foresight& x, const foresight& y) {
  std::vector<std::string> result;
  std::set_union(x.on.begin(), x.on.end(), y.on.begin(), y.on.end(),
                 std::back_inserter(result));
  return result;
}

/// All that it depends on, as one question.
std::string name_of(const foresight& x) {
  if (x.on.size() == 1)
    return x.on.front();
  std::string result;
  for (auto& name : x.on)
    result += (result.empty() ? "all_of(" : ", ") + name;
  return result + ")";
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
  if (y.says == answer::yes)
    return x;
  return {.says = answer::depends, .on = names_of(x, y)};
}

foresight either(foresight x, const foresight& y) {
  if (x.says == answer::yes || y.says == answer::yes)
    return settled(answer::yes);
  if (x.says == answer::no)
    return y;
  if (y.says == answer::no || x == y)
    return x;
  return depends_on("any_of(" + name_of(x) + ", " + name_of(y) + ")");
}

foresight opposite(foresight x) {
  if (x.says == answer::depends)
    return depends_on("negate(" + name_of(x) + ")");
  return settled(x.says == answer::yes ? answer::no : answer::yes);
}

} // namespace flamigo
