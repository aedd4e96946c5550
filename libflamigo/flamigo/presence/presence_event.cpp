#include "flamigo/presence/presence_event.hpp"

#include <memory>
#include <utility>

#include "flamigo/json/json.hpp"
#include "flamigo/wire/client_message.hpp"

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

client_message message_of(const presence_change& what) {
  change_note note{what.channel, what.joined, {}};
  note.left.reserve(what.left.size());
  for (auto& key : what.left)
    note.left.push_back({key});
  return {"presence", {to_json(note)}};
}

class presence_event final : public event {
public:
  explicit presence_event(presence_change what)
    : event({what.topics()}, {nullptr, backend_claims()}, message_of(what),
            detail::staying_kind<presence_change>),
      what_(std::move(what)) {
    content_ = &what_;
  }

private:
  presence_change what_;
};

} // namespace

event_ptr make_presence_event(presence_change what) {
  return std::make_shared<presence_event>(std::move(what));
}

} // namespace flamigo
