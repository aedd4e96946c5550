#include "flamigo/cluster/detail/received_events.hpp"

#include <memory>
#include <typeinfo>
#include <utility>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// What is left of an event whose type is not known: topics, and what clients
/// get.
class foreign_event final : public event {
public:
  explicit foreign_event(event_origin about)
    : event(std::move(about.topics), std::move(about.cause),
            std::move(about.message), staying_kind<void>) {
  }
};

} // namespace

received_events::received_events() {
  known_event::for_each([this](const event_kind& kind) {
    auto [i, is_new] = kinds_.try_emplace(kind.name(), &kind);
    if (is_new || i->second == nullptr || *i->second->type == *kind.type)
      return;
    log::error("cluster: two types of events are called " + i->first
               + ", so that neither comes from other nodes; give one of them "
                 "another name or namespace");
    i->second = nullptr;
  });
}

caf::expected<event_ptr> received_events::make(event_note&& what) {
  auto name = std::exchange(what.type, {});
  auto content = what.content ? what.content->text : std::string{};
  caf::expected<event_ptr> result{caf::error{}};
  auto why = guarded(
    [&]() -> caf::error {
      auto about = origin_of(std::move(what));
      if (about.topics.empty())
        return internal_error("it has no topic");
      if (about.message && is_own_topic(about.message->topic))
        return internal_error(own_topic_refused(about.message->topic));
      auto i = name ? kinds_.find(*name) : kinds_.end();
      if (i != kinds_.end() && i->second != nullptr) {
        result = i->second->read(content, std::move(about));
        return result ? caf::error{} : result.error();
      }
      ++unknown_;
      result = event_ptr{std::make_shared<foreign_event>(std::move(about))};
      return {};
    },
    [](caf::error thrown) { return thrown; });
  if (why)
    return wrap(std::move(why),
                "an event of another node, " + name.value_or("without a type"));
  return result;
}

} // namespace flamigo::detail
