#include "flamigo/cluster/detail/peer.hpp"

#include <string_view>
#include <utility>

#include "flamigo/context/strategy_reply.hpp"
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

peer::peer(caf::actor_config& cfg, surroundings& in, std::string id,
           std::uint64_t stream)
  : caf::event_based_actor(cfg),
    answers(
      *this, [this](node_frame what) { return send(std::move(what)); }, stream),
    questions(*this, answers, in.ask), calls(*this, answers, in.program),
    in_(in), node_id_(std::move(id)), stream_(stream) {
}

caf::behavior peer::make_behavior() {
  return {
    [this](const client_question& what) {
      questions.ask(what, asker());
      return caf::delegated<strategy_reply>{};
    },
    [this](question_over) {
      if (auto& from = current_mailbox_element()->sender)
        answers.withdraw(from->id());
    },
    [this](const node_call& what) {
      calls.call(what, asker());
      return caf::delegated<strategy_reply>{};
    },
    [this](const call_notice& what) { answers.withdraw(what); },
  };
}

reply_address peer::asker() {
  auto& from = *current_mailbox_element();
  return {from.sender, from.mid.response_id()};
}

// -- to that node -------------------------------------------------------------

void peer::count_overruns() {
  auto count = overruns_.exchange(0, std::memory_order_relaxed);
  seq_ += count;
  dropped_ += count;
}

bool peer::send(node_frame what) {
  count_overruns();
  // Who has made a call, or waits for an answer, is told of it. Its number is
  // used again: the other node's clients would be told of a gap.
  auto somebody_knows = what.call || what.answer;
  what.stream = stream_;
  what.seq = ++seq_;
  if (in_.out.send(node_id_, std::move(what)))
    return true;
  if (somebody_knows)
    --seq_;
  else
    ++dropped_;
  return false;
}

sent_note peer::sent() const {
  return {stream_, seq_ + overruns_.load(std::memory_order_relaxed)};
}

// -- from that node -----------------------------------------------------------

bool peer::take_wishes(wish_note&& what) {
  auto subscribe = [this](const std::string& pattern) {
    auto& known = wishes_.ids();
    auto is_one_too_many = known.size() >= in_.max_wishes
                           && !known.contains(pattern);
    if (is_one_too_many || !is_wish(pattern))
      return false;
    in_.wishes.add(caf::strong_actor_ptr{ctrl()}, pattern);
    return true;
  };
  return wishes_.take(std::move(what), subscribe,
                      [this](const std::string& pattern) {
                        in_.wishes.remove(id(), pattern);
                      });
}

bool peer::take_members(member_note&& what) {
  if (in_.people == nullptr)
    return true;
  auto& people = *in_.people;
  return members_.take(
    std::move(what), [&](const shared_member& x) { return people.add(x); },
    [&](const std::string& id) { people.remove(id); });
}

void peer::miss() noexcept {
  wishes_.miss();
  members_.miss();
}

bool peer::in_step() const noexcept {
  return wishes_.is_complete()
         && (in_.people == nullptr || members_.is_complete());
}

void peer::leave() {
  in_.wishes.forget(id());
  if (in_.people != nullptr)
    members_.clear([this](const std::string& id) { in_.people->remove(id); });
  answers.fail_all();
}

cluster_peer peer::status() const {
  return {node_id_,
          title,
          wishes_.ids().size(),
          members_.ids().size(),
          seq_,
          dropped_,
          received,
          lost,
          connections,
          domains};
}

// -- homed_actor --------------------------------------------------------------

void peer::hear(const event_ptr& what) {
  accept_event(what);
}

void peer::accept_event(const event_ptr& what) {
  // It may be handed on by another thread when this one has ended.
  if (!in_.home.is_here())
    return;
  if (reads_journal && !what->places().empty())
    return;
  count_overruns();
  if (!in_.out.send(node_id_, stream_, ++seq_, what))
    ++dropped_;
}

void peer::accept_message(caf::mailbox_element_ptr what) {
  // One that is waited for: at once, so that it keeps its place among those
  // that are not.
  if (in_.home.is_here() && what->content().match_elements<event_ptr>())
    return questions.ask(what->content().get_as<event_ptr>(0),
                         {what->sender, what->mid.response_id()});
  auto* unit = in_.home.is_here() ? &in_.home : nullptr;
  caf::event_based_actor::enqueue(std::move(what), unit);
}

void peer::overrun() {
  overruns_.fetch_add(1, std::memory_order_relaxed);
}

// -- CAF's actor --------------------------------------------------------------

void peer::enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) {
  if (!in_.home.is_here())
    return in_.home.put({caf::strong_actor_ptr{ctrl()}, this}, std::move(what));
  in_.home.settle();
  accept_message(std::move(what));
}

} // namespace flamigo::detail
