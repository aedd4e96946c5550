#include "flamigo/presence/presence_change.hpp"

#include <utility>

namespace flamigo {

caf::expected<topic> presence_change::topic_of(std::string_view channel) {
  auto text = std::string{all} + "/";
  text += channel;
  return topic::parse(std::move(text));
}

topic presence_change::topics() const {
  return topic{std::string{all} + "/" + channel};
}

} // namespace flamigo
