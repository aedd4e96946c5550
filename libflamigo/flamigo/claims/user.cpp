#include "flamigo/claims/user.hpp"

#include <algorithm>
#include <stdexcept>

namespace flamigo {

bool user::operator==(const user& other) const {
  return id == other.id && name == other.name
         && permissions == other.permissions && expiry == other.expiry
         && extras == other.extras;
}

bool has_permission(const user& who, std::string_view permission) noexcept {
  auto& all = who.permissions;
  return std::find(all.begin(), all.end(), permission) != all.end();
}

topic user_topic(std::string_view id) {
  if (id.size() > max_user_id)
    throw std::invalid_argument{"a user's id of " + std::to_string(id.size())
                                + " bytes is too long"};
  return topic{"users/" + topic_segment(id)};
}

} // namespace flamigo
