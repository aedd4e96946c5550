#include "flamigo/presence/presence_change.hpp"

namespace flamigo {

namespace {

std::string text_of(std::string_view channel) {
  std::string result{presence_change::all};
  result += '/';
  result += channel;
  return result;
}

} // namespace

caf::expected<topic> presence_change::topic_of(std::string_view channel) {
  return topic::parse(text_of(channel));
}

topic presence_change::topics() const {
  return topic{text_of(channel)};
}

} // namespace flamigo
