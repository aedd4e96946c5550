#include "flamigo/client/detail/channel_list.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/presence/presence_change.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo::detail {

channel_subscription& channel_list::add(topic what, const channel& declared) {
  auto made = std::make_unique<channel_subscription>();
  made->what = std::move(what);
  made->declared = &declared;
  made->serial = ++serials_;
  return *all_.emplace_back(std::move(made));
}

void channel_list::drop(const channel_subscription& what) {
  recent_ = nullptr;
  std::erase_if(all_, [&what](auto& x) { return x.get() == &what; });
}

channel_subscription* channel_list::find(std::string_view topic) noexcept {
  for (auto& x : all_)
    if (x->what.text() == topic)
      return x.get();
  return nullptr;
}

channel_subscription* channel_list::find(std::uint32_t serial) noexcept {
  for (auto& x : all_)
    if (x->serial == serial)
      return x.get();
  return nullptr;
}

bool channel_list::wants(const event& what, bool deaf) noexcept {
  auto& topics = what.topics();
  return std::any_of(topics.begin(), topics.end(), [this, deaf](auto& x) {
    auto* mine = find(x.text());
    return mine != nullptr && !mine->has_history()
           && (mine->by_client || !deaf);
  });
}

// -- who is there -------------------------------------------------------------

void channel_list::begin_view(channel_subscription& what) {
  what.presence->others.emplace();
  ++views_;
}

void channel_list::end_view(channel_subscription& what) noexcept {
  what.presence->others.reset();
  --views_;
}

bool channel_list::hear_of_others(const event& what, verdict& out) {
  auto* change = what.get_if<presence_change>();
  auto* mine = change != nullptr ? find(change->channel) : nullptr;
  auto* known = mine != nullptr ? mine->others() : nullptr;
  if (known == nullptr)
    return false;
  out.is_mine = true;
  out.is_sent = known->hear(change->version, what.client_frame());
  return true;
}

// -- histories ----------------------------------------------------------------

channel_subscription*
channel_list::find_next(const history_position& where) noexcept {
  for (auto& x : all_)
    if (x->is_next(where))
      return x.get();
  return nullptr;
}

std::string_view channel_list::replay(channel_subscription& where,
                                      const kept_event& what) {
  where.at.offset = what.offset;
  if (!what.elsewhere)
    return what.frame;
  auto sent = false;
  auto count = 0;
  frame_ = what.base;
  for (auto& place : *what.elsewhere) {
    auto* mine = find(place.topic);
    if (mine == nullptr)
      continue;
    if (mine != &where) {
      sent = sent || mine->has_sent(place.at);
      if (!mine->expects(place.at))
        continue;
      // Who else has it in turn has it now.
      mine->at.offset = place.at.offset;
    }
    append_offset(frame_, place.topic, place.at.offset, count++ == 0);
  }
  if (sent)
    return {};
  if (count == 1)
    return what.frame;
  frame_ += "}}";
  return frame_;
}

} // namespace flamigo::detail
