#include "flamigo/roster/client_events.hpp"

namespace flamigo {

std::vector<topic> client_disconnected::topics() const {
  std::vector<topic> result{topic{std::string{all} + "/" + connection_id}};
  if (user)
    result.emplace_back("user/disconnected/" + topic_segment(*user));
  return result;
}

} // namespace flamigo
