#include "flamigo/testing/fake_users.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/error/error.hpp"

namespace flamigo::testing {

void fake_users::add(user who) {
  auto id = who.id;
  by_id_.insert_or_assign(std::move(id), std::move(who));
}

caf::expected<user> fake_users::operator()(std::string_view token,
                                           const claims&) const {
  auto i = by_id_.find(token);
  if (i == by_id_.end())
    i = std::find_if(by_id_.begin(), by_id_.end(),
                     [token](auto& x) { return x.second.name == token; });
  if (i == by_id_.end())
    return make_error(errc::unauthorized, "nobody has this token");
  return i->second;
}

} // namespace flamigo::testing
