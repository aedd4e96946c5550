#pragma once

#include <algorithm>
#include <any>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/fwd.hpp>

#include "flamigo/bus/event.hpp"
#include "flamigo/domain/listener.hpp"
#include "flamigo/strategy/strategy.hpp"
#include "flamigo/topic/topic_pattern.hpp"

namespace flamigo::detail {

/// What one connection has of its own: subscriptions, strategies, state.
/// There are few of each (128 at most), so they are vectors. A connection that
/// has nothing of it has not got this either.
class client_subscriptions {
public:
  /// Replaces what there was for the same pattern. Events whose stamp is not
  /// later than `since` were published before.
  void set(topic_pattern pattern, std::optional<listener> what,
           std::uint64_t since) {
    if (auto* x = find_pattern(pattern.text()))
      // What was on its way already is still wanted.
      since = x->since;
    drop_pattern(pattern.text());
    if (what)
      ++listeners_;
    patterns_.push_back({std::move(pattern), std::move(what), since});
  }

  /// Replaces a strategy of the same name. False when there are `max` already.
  bool set(strategy_ptr what, std::size_t max) {
    drop_strategy(what->name());
    if (strategies_.size() >= max)
      return false;
    strategies_.push_back(std::move(what));
    return true;
  }

  void drop(std::string_view what) {
    drop_pattern(what);
    drop_strategy(what);
  }

  /// What is set under this text ends with a domain actor, unless it is set
  /// anew.
  void tie(std::string_view what, caf::actor_id domain) {
    untie(what);
    // It may have been refused.
    if (find_pattern(what) != nullptr || find(what))
      ties_.emplace_back(what, domain);
  }

  /// The texts of what ends with this domain actor.
  std::vector<std::string> tied_to(caf::actor_id domain) const {
    std::vector<std::string> result;
    for (auto& [text, whose] : ties_)
      if (whose == domain)
        result.push_back(text);
    return result;
  }

  /// Whether events are only ever forwarded.
  bool only_forwards() const noexcept {
    return listeners_ == 0;
  }

  /// Null when there is none of this name. It may be dropped while it runs.
  strategy_ptr find(std::string_view name) const {
    auto i = std::find_if(strategies_.begin(), strategies_.end(),
                          [name](auto& x) { return x->name() == name; });
    return i != strategies_.end() ? *i : nullptr;
  }

  struct wishes {
    bool forward = false;
    /// Copies, since a handler may change the subscriptions.
    std::vector<listener> listeners;
  };

  /// What is to be done with an event.
  wishes match(const event& what) const {
    wishes result;
    for (auto& [pattern, handler, since] : patterns_) {
      if (what.stamp() <= since)
        continue;
      auto matches = [&p = pattern](auto& x) { return p.matches(x); };
      auto& topics = what.topics();
      if (!std::any_of(topics.begin(), topics.end(), matches))
        continue;
      if (handler)
        result.listeners.push_back(*handler);
      else
        result.forward = true;
    }
    return result;
  }

  std::any state;

private:
  struct entry {
    topic_pattern pattern;
    std::optional<listener> handler;
    std::uint64_t since;
  };

  const entry* find_pattern(std::string_view text) const {
    auto i = std::find_if(patterns_.begin(), patterns_.end(),
                          [&](auto& x) { return x.pattern.text() == text; });
    return i != patterns_.end() ? &*i : nullptr;
  }

  void untie(std::string_view text) {
    std::erase_if(ties_, [text](auto& x) { return x.first == text; });
  }

  void drop_pattern(std::string_view text) {
    untie(text);
    std::erase_if(patterns_, [&](auto& x) {
      if (x.pattern.text() != text)
        return false;
      if (x.handler)
        --listeners_;
      return true;
    });
  }

  void drop_strategy(std::string_view name) {
    untie(name);
    std::erase_if(strategies_, [name](auto& x) { return x->name() == name; });
  }

  std::vector<entry> patterns_;
  std::vector<strategy_ptr> strategies_;
  std::size_t listeners_ = 0;
  /// By text. Most have none.
  std::vector<std::pair<std::string, caf::actor_id>> ties_;
};

} // namespace flamigo::detail
