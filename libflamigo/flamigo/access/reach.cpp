#include "flamigo/access/reach.hpp"

#include <utility>

namespace flamigo {

std::vector<reach> reachable(const std::vector<door>& doors,
                             const claims& who) {
  std::vector<reach> result;
  for (auto& each : doors)
    if (auto said = comes_in(each, who); said.says != foresight::answer::no)
      result.push_back({each.kind, each.name, std::move(said.on)});
  return result;
}

} // namespace flamigo
