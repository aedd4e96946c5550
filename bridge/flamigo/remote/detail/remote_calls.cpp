#include "flamigo/remote/detail/remote_calls.hpp"

#include <charconv>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/remote/detail/local_error.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

remote_calls::remote_calls(const remote_options& options, remote_timers& clock,
                           remote_wire& wire)
  : others{options.max_in_flight}, options_(options), clock_(clock),
    wire_(wire) {
}

std::uint64_t remote_calls::add(remote_request what, remote_lane& lane) {
  if (wire_.closed() != nullptr) {
    what.done(closed_error(*wire_.closed()));
    return 0;
  }
  auto [id, x] = keep(std::move(what), &lane);
  if (!x.what.patient)
    wait(id, x, x.what.timeout);
  lane.waiting.insert(id);
  pump();
  return id;
}

void remote_calls::add_first(remote_request what) {
  auto [id, x] = keep(std::move(what), nullptr);
  wait(id, x, x.what.timeout);
  wire_.say(begin(id, x));
}

void remote_calls::pump() {
  for (auto* lane : {&channels, &others})
    while (!lane->waiting.empty() && lane->in_flight < lane->limit
           && wire_.is_up()) {
      auto id = *lane->waiting.begin();
      lane->waiting.erase(lane->waiting.begin());
      wire_.send(begin(id, *find(id)));
    }
}

void remote_calls::drop(std::uint64_t id, bool tell) {
  auto x = find(id);
  if (!x)
    return;
  auto sent = x->size > 0;
  end(id, *x);
  if (sent && tell && wire_.is_up()) {
    std::string payload = R"({"ackId":)";
    append_json(payload, std::to_string(id));
    wire_.send(
      request_text(options_.name_space + "::websocket:cancel", payload += '}'));
  }
  pump();
}

void remote_calls::cancel(std::uint64_t id, caf::error why) {
  auto x = find(id);
  if (!x)
    return;
  x->maybe = x->may_have_run();
  drop(id, true);
  fail(*x, std::move(why));
}

bool remote_calls::is_sent(std::uint64_t id) const {
  auto x = find(id);
  return x && x->size > 0;
}

void remote_calls::hear(const remote_frame& frame) {
  std::uint64_t id = 0;
  auto& text = *frame.ackId;
  std::from_chars(text.data(), text.data() + text.size(), id);
  auto x = find(id);
  if (!x || x->size == 0)
    return;
  if (frame.more.value_or(false)) {
    wait(id, *x, x->what.timeout);
    if (x->what.part)
      x->what.part(frame.json());
    return;
  }
  if (frame.topic != "error") {
    end(id, *x);
    x->what.done(frame.json());
    return pump();
  }
  auto why = read_remote_error(frame.json());
  // Perhaps the server does not know us. A strategy may have said so as well,
  // after it has done something, and nothing tells one from the other.
  if (x->lane != nullptr && why == errc::unauthorized && status_of(why) == 401
      && wire_.renew() && x->what.idempotent)
    return requeue(id, *x, false);
  end(id, *x);
  fail(*x, std::move(why));
  pump();
}

void remote_calls::lost(const remote_reason& why, std::size_t longest) {
  auto too_large = why.code == static_cast<int>(close_code::too_big);
  // Who hears of one may drop others.
  for (auto& [id, x] : std::map{all_}) {
    if (x->size == 0)
      continue;
    auto is_culprit = too_large && x->size == longest;
    if (x->what.idempotent && !is_culprit) {
      requeue(id, *x, true);
      continue;
    }
    end(id, *x);
    fail(*x, is_culprit ? too_large_error(why) : lost_error(why));
  }
}

void remote_calls::close() {
  for (auto& [id, x] : std::exchange(all_, {})) {
    x->timer.stop();
    auto& why = *wire_.closed();
    x->what.done(x->may_have_run() ? lost_error(why) : closed_error(why));
  }
  for (auto* lane : {&channels, &others}) {
    lane->waiting.clear();
    lane->in_flight = 0;
  }
}

void remote_calls::fail(const remote_pending& x, caf::error why) {
  x.what.done(x.maybe ? ran_perhaps(std::move(why)) : std::move(why));
}

remote_calls::kept remote_calls::keep(remote_request what, remote_lane* lane) {
  auto made = std::make_shared<remote_pending>(std::move(what), lane, clock_);
  auto i = all_.emplace(++last_, std::move(made)).first;
  return {i->first, *i->second};
}

remote_calls::pending_ptr remote_calls::find(std::uint64_t id) const {
  auto i = all_.find(id);
  return i == all_.end() ? nullptr : i->second;
}

std::string remote_calls::begin(std::uint64_t id, remote_pending& x) {
  auto result = request_text(x.what.topic, x.what.payload(),
                             std::to_string(id));
  x.size = result.size();
  if (x.lane != nullptr)
    ++x.lane->in_flight;
  if (x.what.patient)
    wait(id, x, x.what.timeout);
  return result;
}

void remote_calls::end(std::uint64_t id, remote_pending& x) {
  x.timer.stop();
  if (x.lane != nullptr && x.size > 0)
    --x.lane->in_flight;
  else if (x.lane != nullptr)
    x.lane->waiting.erase(id);
  x.size = 0;
  all_.erase(id);
}

void remote_calls::requeue(std::uint64_t id, remote_pending& x, bool maybe) {
  x.maybe |= maybe;
  --x.lane->in_flight;
  x.size = 0;
  x.lane->waiting.insert(id);
  if (x.what.patient)
    x.timer.stop();
}

void remote_calls::wait(std::uint64_t id, remote_pending& x,
                        caf::timespan time) {
  x.timer.start(time, [this, id] { time_is_up(id); });
}

void remote_calls::time_is_up(std::uint64_t id) {
  auto x = find(id);
  auto maybe = x->may_have_run();
  drop(id, true);
  // Either it is slow, or nobody is there.
  wire_.probe();
  x->what.done(
    maybe ? make_error(errc::timeout, "no answer in time")
          : offline_error("it could not be sent in time", wire_.reason()));
}

} // namespace flamigo::detail
