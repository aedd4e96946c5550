#include "flamigo/client/detail/client_limits.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace flamigo::detail {

client_limits::~client_limits() {
  leave();
}

bool client_limits::are_wanted(const client_options& options) noexcept {
  return options.message_rate > 0 || options.user_message_rate > 0
         || options.max_connections_per_user > 0;
}

caf::timespan client_limits::take_message(time_point now) {
  auto own = rate::a_second(options_.message_rate, options_.message_burst);
  auto attempt = messages_;
  caf::timespan wait{0};
  if (own.is_limited())
    wait = attempt.take(own, now);
  auto all = rate::a_second(options_.user_message_rate,
                            options_.user_message_burst);
  if (wait.count() == 0 && is_counted_ && all.is_limited())
    wait = caller_->messages.take(all, now);
  if (wait.count() == 0)
    messages_ = attempt;
  return wait;
}

caf::timespan client_limits::take_call(call_limits& what, time_point now) {
  if (!caller_)
    caller_ = std::make_shared<caller_state>();
  return what.admit(*caller_, now);
}

bool client_limits::become(const user* who, time_point now) {
  if (who == nullptr) {
    leave();
    // What it was refused as a guest before is refused still, if it has not
    // been somebody meanwhile.
    caller_ = nullptr;
    return true;
  }
  if (is_counted_)
    return true;
  auto next = users_.find(who->id, now);
  auto before = next->connections.load();
  auto most = options_.max_connections_per_user;
  do {
    if (most > 0 && before >= most)
      return false;
  } while (!next->connections.compare_exchange_weak(before, before + 1));
  caller_ = std::move(next);
  is_counted_ = true;
  return true;
}

bool client_limits::goes_on(time_point now) {
  constexpr std::chrono::minutes long_enough{1};
  return refusals_.take({options_.max_refused, long_enough}, now).count() > 0;
}

void client_limits::leave() noexcept {
  if (std::exchange(is_counted_, false))
    --caller_->connections;
}

} // namespace flamigo::detail
