#include "flamigo/presence/presence_change.hpp"

namespace flamigo {

namespace {

struct gone {
  std::string key;
};

BOOST_DESCRIBE_STRUCT(gone, (), (key))

struct change_note {
  std::string topic;
  std::vector<presence_entry> joined;
  std::vector<gone> left;
};

BOOST_DESCRIBE_STRUCT(change_note, (), (topic, joined, left))

} // namespace

caf::expected<topic> presence_change::topic_of(std::string_view channel) {
  auto text = std::string{all} + "/";
  text += channel;
  return topic::parse(std::move(text));
}

topic presence_change::topics() const {
  return topic{std::string{all} + "/" + channel};
}

client_message presence_change::to_client() const {
  change_note note{channel, joined, {}};
  note.left.reserve(left.size());
  for (auto& key : left)
    note.left.push_back({key});
  return {"presence", {to_json(note)}};
}

} // namespace flamigo
