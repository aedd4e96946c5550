#include "flamigo/bus/event.hpp"

#include <bit>
#include <memory>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/wire/envelope.hpp"
#include "flamigo/wire/event_arguments.hpp"
#include "flamigo/wire/laden_text.hpp"

namespace flamigo {

namespace {

/// Keeps the event whose content it shows.
class relabelled_event final : public event {
public:
  relabelled_event(event_ptr origin, std::vector<topic> topics,
                   std::optional<client_message> message,
                   const detail::event_kind& kind, const void* content)
    : event(std::move(topics), origin->cause(), std::move(message), kind),
      origin_(std::move(origin)) {
    content_ = content;
  }

private:
  event_ptr origin_;
};

} // namespace

event::event(acting_actor cause, const detail::event_kind& kind)
  : cause_(std::move(cause)), kind_(&kind) {
}

event::event(std::vector<topic> topics, acting_actor cause,
             std::optional<client_message> message,
             const detail::event_kind& kind)
  : topics_(std::move(topics)), cause_(std::move(cause)),
    client_message_(std::move(message)), kind_(&kind) {
}

event::~event() {
  auto* what = arguments_.load(std::memory_order_relaxed);
  while (what != nullptr)
    delete std::exchange(what, what->next);
}

std::vector<topic> event::topics_of_content() const {
  return {};
}

std::optional<client_message> event::message_of_content() const {
  return {};
}

void event::encode() const {
  std::lock_guard guard{encoding_};
  if (encoded_.load(std::memory_order_relaxed))
    return;
  // Apart: if memory runs short, the next one begins anew.
  std::string frame;
  append_event(frame, client_message_->topic, client_message_->payload.text);
  client_frame_ = std::move(frame);
  encoded_.store(true, std::memory_order_release);
}

const event::arguments*
event::find_arguments(std::uint64_t set) const noexcept {
  auto* what = arguments_.load(std::memory_order_acquire);
  while (what != nullptr && what->set != set)
    what = what->next;
  return what;
}

std::string_view event::client_arguments_in(std::uint64_t set) const {
  if (auto* known = find_arguments(set))
    return known->text;
  // Before the lock, which it may take.
  auto frame = set == 0 ? std::string_view{} : client_frame_in(set);
  std::lock_guard guard{encoding_};
  if (auto* known = find_arguments(set))
    return known->text;
  auto made = std::make_unique<arguments>();
  made->set = set;
  if (set == 0)
    append_event_arguments(made->text, client_message_->topic,
                           client_message_->payload.text);
  else
    append_frame_arguments(made->text, frame, client_frame_base(set));
  if (auto where = client_bytes())
    lift_bytes(made->text, 0, where);
  made->next = arguments_.load(std::memory_order_relaxed);
  auto* result = made.release();
  arguments_.store(result, std::memory_order_release);
  return result->text;
}

event_ptr event::also_under(event_ptr what, topic where) {
  auto topics = what->topics_;
  topics.push_back(std::move(where));
  return relabelled(std::move(what), std::move(topics));
}

event_ptr event::again(event_ptr what) {
  auto topics = what->topics_;
  return relabelled(std::move(what), std::move(topics));
}

event_ptr event::relabelled(event_ptr what, std::vector<topic> topics) {
  auto& origin = *what;
  auto result = std::make_shared<relabelled_event>(
    std::move(what), std::move(topics), origin.client_message_, *origin.kind_,
    origin.content_);
  result->span_ = origin.span_;
  return result;
}

// -- histories ----------------------------------------------------------------

void event::keep(std::vector<place> where) const {
  places_ = std::make_unique<kept_places>();
  places_->all = std::move(where);
}

std::string_view event::client_frame_in(std::uint64_t set) const {
  if (set == 0)
    return client_frame();
  // Not std::has_single_bit, which counts all of them by a call.
  if ((set & (set - 1)) == 0)
    return places_->all[static_cast<std::size_t>(std::countr_zero(set))]
      .kept.frame;
  // Nearly all who get it get it of the same topics.
  std::lock_guard guard{encoding_};
  for (auto& [which, frame] : places_->frames)
    if (which == set)
      return *frame;
  auto first = true;
  auto made = std::make_unique<std::string>(places_->all.front().kept.base);
  for (std::size_t i = 0; i < places_->all.size(); ++i)
    if ((set >> i & 1) != 0) {
      auto& x = places_->all[i];
      append_offset(*made, x.topic, x.at.offset, std::exchange(first, false));
    }
  *made += "}}";
  return *places_->frames.emplace_back(set, std::move(made)).second;
}

caf::expected<event_ptr> detail::prepare_event(std::shared_ptr<event> what,
                                               std::string_view type) {
  auto why = guarded(
    [&]() -> caf::error {
      what->topics_ = what->topics_of_content();
      if (what->topics_.empty())
        return internal_error("an event needs at least one topic");
      what->client_message_ = what->message_of_content();
      if (what->client_message_ && is_own_topic(what->client_message_->topic))
        return internal_error(own_topic_refused(what->client_message_->topic));
      return {};
    },
    [](caf::error thrown) { return thrown; });
  if (!why)
    return event_ptr{std::move(what)};
  why = wrap(std::move(why), "publish " + std::string{type});
  // Whoever publishes may drop the result.
  log::error(trace_of(why));
  return why;
}

} // namespace flamigo
