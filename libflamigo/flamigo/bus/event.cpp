#include "flamigo/bus/event.hpp"

#include "flamigo/wire/envelope.hpp"

namespace flamigo {

namespace {

/// Keeps the event whose content it shows.
class relabelled_event final : public event {
public:
  relabelled_event(event_ptr origin, std::vector<topic> topics,
                   std::optional<client_message> message,
                   const std::type_info& type, const void* content)
    : event(std::move(topics), origin->cause(), std::move(message), type),
      origin_(std::move(origin)) {
    content_ = content;
  }

private:
  event_ptr origin_;
};

} // namespace

event::event(std::vector<topic> topics, acting_actor cause,
             std::optional<client_message> message, const std::type_info& type)
  : topics_(std::move(topics)), cause_(std::move(cause)),
    client_message_(std::move(message)), type_(&type) {
}

event::~event() = default;

const std::string& event::client_frame() const {
  // Not std::call_once, whose first call wakes whoever waits, by a system call
  // even if nobody does.
  if (!encoded_.load(std::memory_order_acquire)) {
    std::lock_guard guard{encoding_};
    if (!encoded_.load(std::memory_order_relaxed)) {
      append_event(client_frame_, client_message_->topic,
                   client_message_->payload.text);
      encoded_.store(true, std::memory_order_release);
    }
  }
  return client_frame_;
}

event_ptr event::also_under(event_ptr what, topic where) {
  auto topics = what->topics_;
  topics.push_back(std::move(where));
  auto& origin = *what;
  return std::make_shared<relabelled_event>(std::move(what), std::move(topics),
                                            origin.client_message_,
                                            *origin.type_, origin.content_);
}

} // namespace flamigo
