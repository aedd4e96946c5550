#include "flamigo/channel/channel_registry.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/topic/detail/segments.hpp"

namespace flamigo {

namespace {

/// Whether a topic may be of both.
bool overlap(const topic_pattern& x, const topic_pattern& y) {
  detail::segments xs{x.text()};
  detail::segments ys{y.text()};
  while (!xs.done() && !ys.done()) {
    auto a = xs.next();
    auto b = ys.next();
    if (a != b && a != "*" && b != "*")
      return false;
  }
  return xs.done() && ys.done();
}

std::string text_of(const history_limits& what) {
  auto age = std::chrono::duration_cast<std::chrono::seconds>(what.max_age);
  return std::to_string(what.max_events) + " events, "
         + std::to_string(what.max_bytes) + " bytes, "
         + std::to_string(age.count()) + "s";
}

} // namespace

const channel& channel_registry::add(std::string topics, validator guard,
                                     channel_options options) {
  auto made = std::make_unique<const channel>(
    topic_pattern{std::move(topics)}, std::move(guard), std::move(options));
  auto& text = made->topics().text();
  if (made->guard().is_internal())
    throw std::invalid_argument{"channel \"" + text
                                + "\": nobody could subscribe to what is "
                                  "internal(), give it another guard"};
  if (!made->is_possible())
    throw std::invalid_argument{"channel \"" + text
                                + "\": under these topics the framework tells "
                                  "of who is in a channel, give it others"};
  auto keep_it = [&]() -> const channel& { return keep(std::move(made)); };
  return seal_.change("channel \"" + text + "\"", "declare it", keep_it);
}

const channel& channel_registry::keep(std::unique_ptr<const channel> what) {
  for (auto& other : all_)
    if (overlap(what->topics(), other->topics()))
      throw std::invalid_argument{"channel \"" + what->topics().text()
                                  + "\": some of its topics are channels of \""
                                  + other->topics().text()
                                  + "\" already, and a topic has one "
                                    "declaration"};
  if (auto* limits = what->history()) {
    keeps_ = true;
    longest_age_ = std::max(longest_age_, limits->max_age);
  }
  shows_presence_ = shows_presence_ || what->presence() != nullptr;
  return *all_.emplace_back(std::move(what));
}

void channel_registry::seal() {
  seal_.close();
}

const channel* channel_registry::find(const topic& what) const noexcept {
  return seal_.read([&]() -> const channel* {
    for (auto& x : all_)
      if (x->covers(what))
        return x.get();
    return nullptr;
  });
}

bool channel_registry::keeps() const noexcept {
  return seal_.read([this] { return keeps_; });
}

caf::timespan channel_registry::longest_age() const noexcept {
  return seal_.read([this] { return longest_age_; });
}

bool channel_registry::shows_presence() const noexcept {
  return seal_.read([this] { return shows_presence_; });
}

void channel_registry::check(const strategy_registry& strategies) const {
  for (auto& x : list()) {
    auto& name = x.join;
    if (name.empty())
      continue;
    auto refuse = [&](const char* why) {
      throw std::logic_error{"channel \"" + x.topics + "\": the strategy \""
                             + name + "\" " + why};
    };
    auto found = strategies.find(name);
    if (found == nullptr)
      refuse("that runs before its subscriptions is not there: register it");
    if (!found->is_internal())
      refuse("that runs before its subscriptions has to be internal(): a "
             "client that calls it by itself would not be subscribed");
  }
}

std::vector<channel_info> channel_registry::list() const {
  return seal_.read([this] {
    std::vector<channel_info> result;
    for (auto& x : all_)
      result.push_back(
        {x->topics().text(), to_string(x->guard()),
         x->options().check != nullptr,
         x->history() != nullptr ? text_of(*x->history()) : std::string{},
         x->options().join, x->presence() != nullptr});
    return result;
  });
}

} // namespace flamigo
