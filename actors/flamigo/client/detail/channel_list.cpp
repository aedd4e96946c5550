#include "flamigo/client/detail/channel_list.hpp"

#include <algorithm>
#include <utility>

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

bool channel_list::wants(const event& what) noexcept {
  auto& topics = what.topics();
  return std::any_of(topics.begin(), topics.end(), [this](auto& x) {
    auto* mine = find(x.text());
    return mine != nullptr && !mine->has_history();
  });
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
