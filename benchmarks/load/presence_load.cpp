#include "presence_load.hpp"

#include <algorithm>
#include <string>

namespace flamigo::load {

namespace {

constexpr std::string_view subscribe = "app::websocket:subscribe";
constexpr std::string_view unsubscribe = "app::websocket:unsubscribe";
constexpr std::string_view seen = R"({"topic":"load:people"})";
constexpr std::string_view observed
  = R"({"topic":"load:people","presence":true})";
constexpr std::string_view unseen = R"({"topic":"load:crowd"})";

constexpr double joining_seconds = 1;

/// Of no meaning, but short.
constexpr double pause_seconds = 0.005;

/// In which the observers have heard of each other.
constexpr double quiet_seconds = 0.5;

/// A server takes 64 KiB at once.
constexpr std::size_t longest_text = 60'000;

/// How many of them were told of.
std::uint64_t keys_in(std::string_view payload) {
  constexpr std::string_view key = R"("key":)";
  std::uint64_t result = 0;
  for (auto i = payload.find(key); i != payload.npos;
       i = payload.find(key, i + key.size()))
    ++result;
  return result;
}

} // namespace

presence_load::presence_load(const options& what)
  : channel_load(what), asked_(what.connections) {
}

void presence_load::perform() {
  open_all();
  if (failed())
    return;
  ask_all(first_observer(), observers_end(), subscribe, observed);
  ask_all(first_observer(), observers_end(), "app::bench:subscribe",
          R"({"topic":")" + std::string{plain_topic} + R"("})");
  if (!settle())
    return;
  // They hear of each other, which nobody counts.
  pass(quiet_seconds);
  // Once for what is made when it is first needed.
  if (!round(false, true))
    return;
  auto end = clock::now()
             + std::chrono::duration_cast<clock::duration>(
               std::chrono::duration<double>{what_.seconds});
  // In turn: what comes first finds the caches as plain events have left them.
  do {
    if (!round(true, true) || !round(true, false))
      return;
  } while (clock::now() < end);
}

void presence_load::complete(report& out) const {
  channel_load::complete(out);
  out.observer_messages = most_in_a_second_;
  auto joined = static_cast<double>(out.operations);
  if (server_.empty() || joined == 0 || what_.everybody)
    return;
  out.server_join_cpu_us = *unseen_.server_cpu_us() / joined;
  out.server_plain_cpu_us = *plain_.server_cpu_us() / joined;
}

// -- a round ------------------------------------------------------------------

bool presence_load::round(bool measures, bool seen_first) {
  if (what_.everybody)
    return join_seen(measures);
  auto joined = seen_first ? join_seen(measures) && join_unseen(measures)
                           : join_unseen(measures) && join_seen(measures);
  return joined && send_plainly(measures);
}

bool presence_load::join_seen(bool measures) {
  counted_ = true;
  told_.clear();
  missing_ = what_.connections * what_.observers;
  if (measures)
    measured_.start();
  auto result = all(subscribe, what_.everybody ? observed : seen);
  if (measures)
    measured_.stop();
  // The most in a second that begins with one of them.
  for (auto from = told_.begin(); from != told_.end(); ++from) {
    auto to = std::find_if(from, told_.end(), [&](auto& x) {
      return x.at >= from->at + std::chrono::seconds{1};
    });
    most_in_a_second_ = std::max(most_in_a_second_,
                                 static_cast<std::uint64_t>(to - from));
  }
  if (!result)
    return false;
  missing_ = what_.connections * what_.observers;
  counted_ = false;
  return all(unsubscribe, seen);
}

bool presence_load::join_unseen(bool measures) {
  if (measures)
    unseen_.start();
  auto result = all(subscribe, unseen);
  if (measures)
    unseen_.stop();
  return result && all(unsubscribe, unseen);
}

bool presence_load::send_plainly(bool measures) {
  if (measures)
    plain_.start();
  auto result = true;
  for (auto& x : told_) {
    for (auto left = x.size; left > 0 && result;) {
      auto size = std::min(left, longest_text);
      left -= size;
      // Those of the envelope.
      constexpr std::string_view begin = R"({"topic":"load:others","text":")";
      constexpr std::size_t around
        = std::string_view{R"({"topic":"bench:message","payload":"}})"}.size()
          + begin.size();
      std::string payload{begin};
      payload.append(size - std::min(size, around), '.');
      missing_ += what_.observers;
      ask(at(0), "app::bench:publish", payload + R"("})");
      result = settle();
    }
  }
  if (measures)
    plain_.stop();
  return result;
}

bool presence_load::all(std::string_view strategy, std::string_view payload) {
  auto begin = clock::now();
  for (std::size_t i = 0; i < what_.connections && !failed();) {
    auto passed = std::chrono::duration<double>{clock::now() - begin};
    auto due = std::min(passed.count() / joining_seconds, 1.0)
               * static_cast<double>(what_.connections);
    for (; i < what_.connections && static_cast<double>(i) <= due; ++i) {
      asked_[i] = clock::now();
      ask(at(i), strategy, payload);
    }
    pass(pause_seconds);
  }
  return settle();
}

// -- what comes ---------------------------------------------------------------

void presence_load::answered(connection& who, const wire_message& what) {
  if (who.index() < what_.connections && what.topic == subscribe)
    measured_.operation(poll_.now() - asked_[who.index()]);
}

void presence_load::heard(connection& who, const wire_message& what,
                          std::size_t size) {
  auto observes = who.index() >= first_observer();
  auto is_plain = what.topic == "bench:message";
  if (!is_plain && (what.topic != "presence" || !(observes || what_.everybody)))
    return add_error("not what it waits for: " + std::string{what.topic});
  // Nobody counts what the others see, and what happens before.
  if (!observes || missing_ == 0)
    return;
  auto news = is_plain ? 1 : keys_in(what.payload);
  if (news > missing_)
    return add_error("more has come than was sent");
  missing_ -= news;
  if (counted_ && who.index() == first_observer())
    told_.push_back({size, poll_.now()});
}

} // namespace flamigo::load
