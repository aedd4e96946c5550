#include "flamigo/cluster/detail/peer.hpp"

#include <string_view>
#include <utility>

#include "flamigo/topic/topic_pattern.hpp"

namespace flamigo::detail {

namespace {

/// As another node may have written it.
bool is_wish(std::string_view text) {
  constexpr auto exact = subscription_table::exact_segment;
  if (text.ends_with(exact) && text.size() > exact.size()
      && text[text.size() - exact.size() - 1] == '/')
    return static_cast<bool>(topic::parse(
      std::string{text.substr(0, text.size() - exact.size() - 1)}));
  return static_cast<bool>(topic_pattern::parse(std::string{text}));
}

} // namespace

peer::peer(caf::actor_config& cfg, home_unit& home, outbox& out,
           subscription_table& wishes, std::string id, std::uint64_t stream)
  : caf::event_based_actor(cfg), home_(home), out_(out), table_(wishes),
    node_id_(std::move(id)), stream_(stream) {
}

caf::behavior peer::make_behavior() {
  return {[](caf::unit_t) {}};
}

// -- to that node -------------------------------------------------------------

void peer::send(node_frame what) {
  seq_ += overruns_.exchange(0, std::memory_order_relaxed);
  what.stream = stream_;
  what.seq = ++seq_;
  if (!out_.send(node_id_, std::move(what)))
    ++dropped_;
}

sent_note peer::sent() const {
  return {stream_, seq_ + overruns_.load(std::memory_order_relaxed)};
}

// -- from that node -----------------------------------------------------------

bool peer::subscribe(const std::string& pattern) {
  if (!is_wish(pattern))
    return false;
  if (wishes_.insert(pattern).second)
    table_.add(caf::strong_actor_ptr{ctrl()}, pattern);
  return true;
}

void peer::unsubscribe(const std::string& pattern) {
  if (auto node = wishes_.extract(pattern))
    table_.remove(id(), node.value());
}

bool peer::take_wishes(wish_note&& what) {
  auto result = true;
  if (what.begins) {
    listed_.clear();
    is_listing_ = true;
  }
  for (auto& x : what.removed) {
    listed_.erase(x);
    unsubscribe(x);
  }
  for (auto& x : what.added) {
    if (!subscribe(x))
      result = false;
    else if (is_listing_)
      listed_.insert(std::move(x));
  }
  if (what.ends && std::exchange(is_listing_, false)) {
    auto all = std::exchange(listed_, {});
    for (auto i = wishes_.begin(); i != wishes_.end();)
      if (auto x = i++; !all.contains(*x))
        unsubscribe(*x);
    in_step = true;
  }
  return result;
}

cluster_peer peer::status() const {
  return {node_id_, title, wishes_.size(), seq_, dropped_, received, lost};
}

// -- homed_actor --------------------------------------------------------------

void peer::hear(const event_ptr& what) {
  accept_event(what);
}

void peer::accept_event(const event_ptr& what) {
  // It may be handed on by another thread when this one has ended.
  if (!home_.is_here())
    return;
  seq_ += overruns_.exchange(0, std::memory_order_relaxed);
  if (!out_.send(node_id_, stream_, ++seq_, what))
    ++dropped_;
}

void peer::accept_message(caf::mailbox_element_ptr what) {
  caf::event_based_actor::enqueue(std::move(what), nullptr);
}

void peer::overrun() {
  overruns_.fetch_add(1, std::memory_order_relaxed);
}

} // namespace flamigo::detail
