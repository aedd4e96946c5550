#include "flamigo/remote/detail/remote_channels.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "flamigo/error/error.hpp"
#include "flamigo/remote/detail/remote_channel_texts.hpp"

namespace flamigo::detail {

remote_channels::remote_channels(const remote_options& options,
                                 remote_timers& clock,
                                 std::function<double()> random,
                                 remote_calls& calls,
                                 const remote_listeners& listeners)
  : options_(options), clock_(clock), calls_(calls), events_(all_, listeners),
    entry_(options, std::move(random), calls, events_,
           [this](const std::string& topic, const caf::error& why) {
             end(topic, why);
           }) {
}

void remote_channels::join(const std::string& topic,
                           const std::shared_ptr<remote_use>& who,
                           std::optional<std::string> input,
                           const remote_join_options& options) {
  auto x = get(topic);
  auto wants = !x->is_own() || (options.presence && !x->presence)
               || (input && input != x->input);
  if (std::find(x->uses.begin(), x->uses.end(), who) == x->uses.end())
    x->uses.push_back(who);
  x->presence |= options.presence;
  if (input)
    x->input = std::move(input);
  if (options.since && !x->at)
    x->at = options.since;
  if (wants)
    entry_.ask(x);
  else if (x->joined && x->is_joined)
    who->joined(*x->joined);
}

void remote_channels::leave(const std::string& topic,
                            const std::shared_ptr<remote_use>& who) {
  auto i = all_.find(topic);
  if (i == all_.end() || std::erase(i->second->uses, who) == 0)
    return;
  who->settle(make_error(errc::cancelled, "the program has left the channel"));
  auto x = i->second;
  if (x->is_own())
    return;
  auto known = entry_.is_known(*x);
  remove(x);
  if (known)
    unsubscribe(topic);
}

void remote_channels::hear(const remote_frame& frame) {
  if (frame.topic == "subscribed") {
    placed(frame.json());
  } else if (frame.topic == "presence") {
    present(frame.json());
  } else if (frame.topic == "unsubscribed") {
    if (auto what = from_json<unsubscribed_text>(frame.json()))
      end(what->topic, public_error("the server has ended the subscription",
                                    403, what->code));
  } else {
    events_.hear(frame);
  }
}

void remote_channels::lost() {
  events_.lost();
  for (auto& [topic, x] : remote_subscriptions{all_}) {
    x->is_joined = false;
    entry_.forget(*x);
    if (x->is_own())
      entry_.ask(x);
    else if (all_.size() > max_foreign)
      all_.erase(topic);
  }
}

void remote_channels::close(const caf::error& why) {
  while (!all_.empty())
    end(std::string{all_.begin()->first}, why);
}

void remote_channels::placed(const std::string& payload) {
  auto what = from_json<subscribed_text>(payload);
  if (!what)
    return;
  auto x = get(what->topic);
  auto had = x->at.has_value();
  auto same = had && x->at->epoch == what->epoch
              && what->recovered.value_or(true);
  if (same && x->at->offset < what->offset) {
    // On an earlier connection: what was missed comes if it is asked for.
    events_.open(*x, what->offset);
    if (x->asking == 0)
      entry_.ask(x);
    return;
  }
  if (!same)
    x->at = remote_position{what->epoch, what->offset};
  events_.close(*x);
  // An answer that is under way says it all.
  if (x->asking != 0)
    return;
  x->tell_again(what->recovered || !had ? what->recovered : same);
}

void remote_channels::present(const std::string& payload) {
  auto what = from_json<presence_text>(payload);
  auto i = what ? all_.find(what->topic) : all_.end();
  if (i == all_.end())
    return;
  std::vector<std::string> left;
  if (what->left)
    for (auto& x : *what->left)
      left.push_back(std::move(x.key));
  auto& x = *i->second;
  x.tell(x.members.change(
    std::move(what->joined).value_or(std::vector<presence_entry>{}),
    std::move(left)));
}

void remote_channels::unsubscribe(const std::string& topic) {
  remote_request request;
  request.topic = options_.name_space + "::websocket:unsubscribe";
  request.payload = [topic] { return to_json(unsubscribe_text{topic}); };
  request.timeout = options_.timeout;
  request.done = [](auto&&) {};
  calls_.add(std::move(request), calls_.channels);
}

void remote_channels::end(const std::string& topic, const caf::error& why) {
  auto i = all_.find(topic);
  if (i == all_.end())
    return;
  auto x = i->second;
  remove(x);
  x->tell_left(why);
}

void remote_channels::remove(const subscription_ptr& x) {
  all_.erase(x->topic);
  entry_.forget(*x);
  x->is_joined = false;
  events_.close(*x);
}

subscription_ptr remote_channels::get(const std::string& topic) {
  auto& result = all_[topic];
  if (!result)
    result = std::make_shared<remote_subscription>(topic, options_, clock_);
  return result;
}

} // namespace flamigo::detail
