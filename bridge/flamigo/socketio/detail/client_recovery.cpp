#include "flamigo/socketio/detail/client_recovery.hpp"

#include <algorithm>
#include <utility>

namespace flamigo::detail {

namespace {

/// Whether this tells of something that the client has not got, and will not.
bool tells_of_loss(std::string_view arguments) noexcept {
  return arguments.starts_with("[\"subscribed\",")
         && arguments.ends_with("\"recovered\":false}]");
}

} // namespace

std::string_view client_recovery::count(std::string_view arguments,
                                        std::string_view offsets) {
  log_.add(offsets);
  if (offsets.empty() && tells_of_loss(arguments))
    log_.cut();
  // A brace at least.
  tail_ = offsets.size() > 1 ? ",\"" : ",{},\"";
  log_.append_position(tail_);
  return tail_.append("\"]");
}

std::optional<kept_client> client_recovery::begin(kept_clients::session what) {
  auto count = what.log.read(position_);
  if (!count)
    return std::nullopt;
  auto result = what.what;
  for (auto& x : result.channels) {
    if (auto behind = what.log.first_behind(*count, x.topic))
      // It may have had the channel before, without what came between.
      x.at.offset = std::max(*behind - 1, x.began);
    if (x.at.offset < x.least)
      return std::nullopt;
  }
  kept_ = std::move(what);
  return result;
}

void client_recovery::finish(bool recovered) {
  if (recovered) {
    log_ = std::move(kept_->log);
    pid = shown;
  } else {
    all.drop(shown);
  }
  kept_.reset();
}

void client_recovery::end(std::optional<kept_client> what,
                          const std::string& where,
                          kept_clients::time_point now) {
  if (what)
    all.keep(pid, {where, std::move(*what), std::move(log_), now}, now);
  else
    all.drop(pid);
}

void client_recovery::end_early(bool comes_again,
                                kept_clients::time_point now) {
  if (!kept_)
    return;
  if (comes_again)
    all.keep(shown, std::move(*kept_), now);
  else
    all.drop(shown);
  kept_.reset();
}

} // namespace flamigo::detail
