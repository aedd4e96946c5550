#include "flamigo/remote/detail/remote_entry.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/remote/detail/local_error.hpp"
#include "flamigo/remote/detail/remote_channel_texts.hpp"
#include "flamigo/remote/remote_error.hpp"

namespace flamigo::detail {

namespace {

std::string ask_text(const remote_subscription& x) {
  subscribe_text what{.topic = x.topic, .since = x.at};
  if (x.input)
    what.input = raw_json{*x.input};
  if (x.presence)
    what.presence = true;
  return to_json(what);
}

} // namespace

remote_entry::remote_entry(const remote_options& options,
                           std::function<double()> random, remote_calls& calls,
                           remote_events& events, end_function end)
  : options_(options), random_(std::move(random)), calls_(calls),
    events_(events), end_(std::move(end)) {
}

void remote_entry::ask(const subscription_ptr& x) {
  forget(*x);
  remote_request request;
  request.topic = options_.name_space + "::websocket:subscribe";
  // As it is when it is sent.
  request.payload = [x] { return ask_text(*x); };
  request.timeout = options_.timeout;
  request.patient = true;
  request.idempotent = true;
  request.done = [this, x](const caf::expected<std::string>& answer) {
    x->asking = 0;
    if (answer)
      entered(*x, *answer);
    else
      refused(x, answer.error());
  };
  x->asking = calls_.add(std::move(request), calls_.channels);
}

void remote_entry::forget(remote_subscription& x) {
  x.retry_timer.stop();
  if (x.asking != 0)
    calls_.drop(std::exchange(x.asking, 0), false);
}

bool remote_entry::is_known(const remote_subscription& x) const {
  return x.is_joined || calls_.is_sent(x.asking);
}

void remote_entry::entered(remote_subscription& x, const std::string& answer) {
  auto what = from_json<subscribe_answer>(answer);
  if (!what)
    return end_(x.topic, unfit_error(std::move(what.error())));
  x.refused = 0;
  auto recovered = what->recovered.value_or(false) && x.at;
  remote_joined told{.result = what->result.value_or(raw_json{}),
                     .recovered = what->recovered};
  if (what->epoch && what->offset)
    told.newest = remote_position{*what->epoch, *what->offset};
  if (recovered && told.newest && told.newest->offset > x.at->offset)
    told.missed = told.newest->offset - x.at->offset;
  // Where all of it comes, the position moves with it.
  if (!recovered)
    x.at = told.newest;
  x.tell(std::move(told));
  if (what->presence)
    x.tell(x.members.replace(std::move(*what->presence)));
  if (!x.gap)
    return;
  if (recovered && x.at->offset < *x.gap)
    events_.wait(x);
  else
    events_.close(x);
}

void remote_entry::refused(const subscription_ptr& x, const caf::error& why) {
  auto status = status_of(why);
  auto is_over = code_of(why) == remote_code::closed;
  if (!is_over && (status == 429 ? x->refused++ < max_tries : status >= 500))
    ask_later(x, why);
  else if (is_over || x->is_own())
    end_(x->topic, why);
  else if (x->gap)
    // The program's, of which the client itself may not have what it missed.
    events_.give_up(*x);
}

void remote_entry::ask_later(const subscription_ptr& x, const caf::error& why) {
  auto time = caf::timespan{static_cast<caf::timespan::rep>(
    static_cast<double>(pause.count()) * (1 + random_()))};
  x->retry_timer.start(std::max(retry_after_of(why), time),
                       [this, again = std::weak_ptr{x}] {
                         if (auto it = again.lock())
                           ask(it);
                       });
}

} // namespace flamigo::detail
