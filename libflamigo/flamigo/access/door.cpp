#include "flamigo/access/door.hpp"

#include <utility>

namespace flamigo {

foresight comes_in(const door& by, claims who) {
  // Nobody outside finds it.
  if (by.guard.is_internal() || (by.needs_user && !who.user))
    return {.says = foresight::answer::no};
  who.type = by.kind == "http" ? claims_type::http : claims_type::websocket;
  auto result = both(by.guard.foresee(who), by.behind.foresee(who));
  return by.also.empty() ? result
                         : both(std::move(result), depends_on(by.also));
}

} // namespace flamigo
