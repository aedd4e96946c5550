#include "flamigo/client/detail/presence_client.hpp"

#include <utility>

#include "flamigo/bus/bus.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/presence/presence_change.hpp"

namespace flamigo::detail {

caf::error presence_client::show_in(channel_subscription& what,
                                    std::string input) {
  what.presence->input(std::move(input));
  return what.presence->show(*claims_);
}

void presence_client::show_as_now(channel_subscription& what) {
  if (auto err = what.presence->show(*claims_))
    log::error(title() + ": " + what.what.text()
               + ": others do not see it: " + trace_of(err));
}

std::shared_ptr<void> presence_client::begin_list(channel_subscription& what) {
  if (what.others() == nullptr) {
    auto where = presence_change::topic_of(what.what.text());
    channels_->begin_view(what);
    changed();
    env_.application.bus.subscribe_exactly(
      caf::actor_cast<caf::strong_actor_ptr>(this), *where);
  }
  return what.others()->ask();
}

caf::error presence_client::take_list(channel_subscription& what,
                                      const presence_list& list) {
  auto err = what.others()->take(list);
  if (err)
    miss_list(what);
  return err;
}

void presence_client::miss_list(channel_subscription& what) {
  if (what.others()->is_told())
    tell_of_others(what);
  else if (what.others()->is_missed())
    end_view(what);
}

void presence_client::end_view(channel_subscription& what) {
  if (auto where = presence_change::topic_of(what.what.text()))
    env_.application.bus.unsubscribe_exactly(ctrl(), *where);
  channels_->end_view(what);
  changed();
}

void presence_client::tell_of_others(channel_subscription& what) {
  auto& others = *what.others();
  // It would not know what it has missed.
  if (others.is_lost())
    return close({close_code::internal_error, "internal error"});
  others.told([this](auto& frame) { out_.send_kept(frame, frame.size() - 1); });
}

} // namespace flamigo::detail
