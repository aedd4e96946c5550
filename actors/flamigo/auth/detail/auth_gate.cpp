#include "flamigo/auth/detail/auth_gate.hpp"

#include <algorithm>
#include <utility>

namespace flamigo::detail {

namespace {

/// An expiry is a time of day, and timers run by another clock: one that stands
/// still with the host, and does not know when the other one is set.
constexpr caf::timespan longest_sleep = std::chrono::minutes{1};

} // namespace

auth_gate::auth_gate(const auth_options& options, time_point now)
  : options_(options), locked_since_(now) {
}

void auth_gate::set(const std::optional<user>& who, time_point now) {
  if (!who && !locked_) {
    locked_since_ = now;
    messages_ = 0;
    bytes_ = 0;
  }
  if (!who)
    revoked_ = calling_;
  locked_ = !who;
  if (who)
    owner_ = who->id;
  expiry_ = who ? who->expiry : std::nullopt;
}

// -- messages -----------------------------------------------------------------

bool auth_gate::admit(std::size_t bytes) {
  if (!locked_ && !holding_)
    return true;
  // Whoever may stay a guest is bounded only while its messages wait.
  if (options_.timeout.count() == 0)
    return !holding_
           || (held_.size() < options_.max_messages
               && held_bytes_ + bytes <= options_.max_bytes);
  bytes_ += bytes;
  return ++messages_ <= options_.max_messages && bytes_ <= options_.max_bytes;
}

void auth_gate::hold(std::string_view text) {
  held_.emplace_back(text);
  held_bytes_ += text.size();
}

std::optional<std::string> auth_gate::release() {
  if (held_.empty() || holds())
    return std::nullopt;
  auto result = std::move(held_.front());
  held_.pop_front();
  held_bytes_ -= result.size();
  return result;
}

// -- time ---------------------------------------------------------------------

bool auth_gate::is_over(const std::optional<wall_time>& expiry,
                        wall_time today) const {
  return expiry && *expiry < today && *expiry + options_.expiry_grace <= today;
}

std::optional<caf::timespan> auth_gate::time_left(time_point now,
                                                  wall_time today) const {
  if (locked_) {
    if (options_.timeout.count() == 0)
      return std::nullopt;
    return std::max<caf::timespan>(locked_since_ + options_.timeout - now,
                                   caf::timespan{0});
  }
  if (!expiry_)
    return std::nullopt;
  // Compared first, so that no date of a token's can overflow.
  if (*expiry_ > today + longest_sleep)
    return longest_sleep;
  if (is_over(expiry_, today))
    return caf::timespan{0};
  return *expiry_ + options_.expiry_grace - today;
}

close_reason auth_gate::verdict() const {
  if (locked_)
    return {close_code::auth_deadline, "not authenticated in time"};
  return {close_code::auth_expired, "authentication has expired"};
}

} // namespace flamigo::detail
