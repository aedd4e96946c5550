#include "flamigo/user.hpp"

#include <algorithm>

namespace flamigo {

bool has_permission(const user& who, std::string_view permission) noexcept {
  auto& all = who.permissions;
  return std::find(all.begin(), all.end(), permission) != all.end();
}

topic user_topic(std::string_view id) {
  return topic{"users/" + topic_segment(id)};
}

} // namespace flamigo
