#include "flamigo/channel/channel.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/presence/presence_change.hpp"

namespace flamigo {

namespace {

std::size_t slashes_of(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '/'));
}

bool tells_of_presence(std::string_view text) noexcept {
  auto& all = presence_change::all;
  return text.starts_with(all) && text.substr(all.size()).starts_with('/');
}

} // namespace

channel::channel(topic_pattern topics, validator guard, channel_options options)
  : topics_(std::move(topics)), slashes_(slashes_of(topics_.text())),
    guard_(std::move(guard)), options_(std::move(options)) {
}

bool channel::covers(const topic& what) const noexcept {
  return topics_.matches(what) && slashes_of(what.text()) == slashes_
         && !tells_of_presence(what.text());
}

bool channel::is_possible() const noexcept {
  return !tells_of_presence(topics_.text());
}

caf::error channel::check(const claims& who, const topic& what) const {
  if (auto err = guard_(who)) {
    if (who.user || err != errc::forbidden)
      return err;
    return wrap(make_error(errc::unauthorized), trace_of(err));
  }
  if (!options_.check)
    return {};
  return detail::guarded([&] { return options_.check(who, what); },
                         [](caf::error why) { return why; });
}

} // namespace flamigo
