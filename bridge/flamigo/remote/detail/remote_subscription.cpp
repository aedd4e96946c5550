#include "flamigo/remote/detail/remote_subscription.hpp"

#include <utility>

namespace flamigo::detail {

remote_subscription::remote_subscription(std::string topic_,
                                         const remote_options& options_,
                                         remote_timers& clock)
  : topic(std::move(topic_)), options(options_), gap_timer(clock),
    retry_timer(clock) {
}

bool remote_subscription::has(
  const std::optional<remote_place>& offsets) const {
  return offsets ? offsets->contains(topic) : !at;
}

void remote_subscription::tell(remote_joined what) {
  is_joined = true;
  what.topic = topic;
  tell_if(options.on_joined, "on_joined", what);
  for (auto& use : uses)
    use->joined(what);
  joined = std::move(what);
}

void remote_subscription::tell_again(std::optional<bool> recovered) {
  remote_joined what{.newest = at, .recovered = recovered};
  if (joined)
    what.result = joined->result;
  tell(std::move(what));
}

void remote_subscription::tell(const remote_presence& who) const {
  for (auto& use : uses)
    use->present(who);
}

void remote_subscription::tell_left(const caf::error& why) {
  tell_if(options.on_left, "on_left", topic, why);
  for (auto& use : std::exchange(uses, {}))
    use->left(why);
}

} // namespace flamigo::detail
