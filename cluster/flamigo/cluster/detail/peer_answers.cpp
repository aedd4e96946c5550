#include "flamigo/cluster/detail/peer_answers.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest = std::chrono::hours{24};

caf::error gone() {
  return make_error(errc::unavailable,
                    "the other node is gone: what was asked of it may or may "
                    "not have been done");
}

} // namespace

// -- of that node -------------------------------------------------------------

std::optional<std::uint64_t>
peer_answers::open(reply_address asker, time_point deadline,
                   std::shared_ptr<call_state> call) {
  auto id = asker.target ? asker.target->id() : caf::invalid_actor_id;
  auto answer = std::make_unique<late_reply>(std::move(asker));
  caf::error why;
  // It may have been cancelled before it came here.
  if (call && call->why() != errc::none)
    why = make_error(call->why());
  else if (has_gone_)
    why = make_error(errc::unavailable, "the other node is gone");
  else if (mine_.size() == max_open)
    why = make_error(errc::too_many_requests,
                     "too many questions to another node are open");
  else if (deadline <= self_.clock().now())
    why = make_error(errc::timeout);
  if (why) {
    answer->deliver(std::move(why));
    return std::nullopt;
  }
  // Its frame may be lost, or the answer.
  deadline = std::min(deadline, self_.clock().now() + longest);
  mine_.emplace(++last_,
                waiting{id, std::move(answer), deadline, std::move(call)});
  return last_;
}

void peer_answers::ask(std::uint64_t number, node_frame what) {
  if (send_(std::move(what)))
    return;
  if (auto open = mine_.extract(number))
    open.mapped().answer->deliver(
      make_error(errc::unavailable,
                 "this could not be sent to the other node, and was not done",
                 "too much waits for it, or this is too large for one message "
                 "of NATS"));
}

void peer_answers::answered(answer_note&& what) {
  auto open = mine_.extract(what.number);
  // Too late, or never asked.
  if (!open)
    return;
  auto& answer = *open.mapped().answer;
  if (what.failure)
    answer.deliver(error_of(std::move(*what.failure)));
  else
    answer.deliver(what.payload ? std::move(what.payload->text) : "null");
}

void peer_answers::withdraw(caf::actor_id asker) {
  std::erase_if(mine_, [&](auto& x) {
    if (x.second.asker != asker)
      return false;
    node_frame frame;
    frame.withdrawn = x.first;
    send_(std::move(frame));
    x.second.answer->deliver(make_error(errc::unavailable, "", "withdrawn"));
    return true;
  });
}

void peer_answers::withdraw(const call_notice& what) {
  if (what.why == errc::none)
    return;
  auto i = std::find_if(mine_.begin(), mine_.end(),
                        [&](auto& x) { return x.second.call == what.what; });
  if (i == mine_.end())
    return;
  auto open = mine_.extract(i);
  node_frame frame;
  frame.withdrawn = open.key();
  send_(std::move(frame));
  open.mapped().answer->deliver(make_error(what.why));
}

// -- of this one --------------------------------------------------------------

bool peer_answers::begin(std::uint64_t number, std::shared_ptr<call_state> call,
                         time_point deadline) {
  if (theirs_.size() == max_open) {
    refuse(number, make_error(errc::too_many_requests));
    return false;
  }
  return theirs_.emplace(number, running{std::move(call), deadline}).second;
}

void peer_answers::succeed(std::uint64_t number,
                           std::optional<raw_json> payload) {
  if (theirs_.erase(number) == 0)
    return;
  if (!answer({number, std::move(payload), {}}))
    refuse(number,
           make_error(errc::unavailable,
                      "this was done, but the answer could not be sent",
                      "too much waits for the other node, or the answer is too "
                      "large for one message of NATS"));
}

void peer_answers::fail(std::uint64_t number, const caf::error& why) {
  if (theirs_.erase(number) == 1)
    refuse(number, why);
}

void peer_answers::refuse(std::uint64_t number, const caf::error& why) {
  answer({number, {}, note_of(why)});
}

void peer_answers::withdrawn(std::uint64_t number) {
  if (auto begun = theirs_.extract(number))
    call_state::cancel(begun.mapped().call, errc::cancelled, self_.context());
}

bool peer_answers::answer(answer_note what) {
  node_frame frame;
  frame.answer = std::move(what);
  return send_(std::move(frame));
}

// -- of both ------------------------------------------------------------------

void peer_answers::expire(time_point now) {
  std::erase_if(mine_, [now](auto& x) {
    if (x.second.deadline > now)
      return false;
    x.second.answer->deliver(
      make_error(errc::timeout, "there was no answer in time"));
    return true;
  });
  // Nobody waits there, either.
  std::erase_if(theirs_, [&](auto& x) {
    if (x.second.deadline > now)
      return false;
    call_state::cancel(x.second.call, errc::timeout, self_.context());
    return true;
  });
}

void peer_answers::fail_all() {
  has_gone_ = true;
  for (auto& [number, x] : std::exchange(mine_, {}))
    x.answer->deliver(gone());
  for (auto& [number, x] : std::exchange(theirs_, {}))
    call_state::cancel(x.call, errc::cancelled, self_.context());
}

std::optional<std::uint64_t> peer_answers::time_until(time_point when) const {
  if (when == time_point::max())
    return std::nullopt;
  auto left = std::chrono::ceil<milliseconds>(when - self_.clock().now());
  return static_cast<std::uint64_t>(std::max(left, milliseconds{0}).count());
}

peer_answers::time_point
peer_answers::time_in(std::optional<std::uint64_t> timeout) const {
  if (!timeout)
    return time_point::max();
  constexpr auto most = static_cast<std::uint64_t>(longest.count());
  return self_.clock().now() + milliseconds{std::min(*timeout, most)};
}

} // namespace flamigo::detail
