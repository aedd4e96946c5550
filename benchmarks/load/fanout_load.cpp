#include "fanout_load.hpp"

#include <algorithm>

#include "number.hpp"

namespace flamigo::load {

namespace {

constexpr std::string_view publish_begin
  = R"({"topic":"app::bench:publish","payload":)";
constexpr std::string_view payload_begin = R"({"topic":"load:events","from":)";
constexpr std::string_view payload_middle = R"(,"n":)";
constexpr std::string_view payload_end
  = R"(,"text":"All who have asked for it hear this, word by word."})";

// Seconds in which what came too often would show after all has come.
constexpr double silence = 0.1;

} // namespace

fanout_load::fanout_load(const options& what)
  : scenario(what), ledger_(what.connections, what.publishers),
    published_(what.publishers), published_at_(what.publishers),
    in_flight_(what.publishers) {
}

void fanout_load::perform() {
  open_all();
  subscribe();
  if (failed() || subscribed_ < what_.connections)
    return;
  publish_round();
  measure();
  wait_for(patience, [&] { return all_is_delivered(); });
  pass(silence);
}

void fanout_load::subscribe() {
  if (failed())
    return;
  for (std::size_t i = 0; i < what_.connections; ++i)
    at(i).send(R"({"topic":"app::bench:subscribe","payload":)"
               R"({"topic":"load:events"},"ackId":"1"})");
  wait_for(patience, [&] { return subscribed_ == what_.connections; });
  if (subscribed_ < what_.connections)
    add_error("only " + std::to_string(subscribed_) + " of "
              + std::to_string(what_.connections)
              + " connections could subscribe");
}

void fanout_load::complete(report& out) const {
  out.lost = ledger_.missing(published_)
             + (published_in_all_ - acknowledged_in_all_);
  out.duplicated = ledger_.duplicated();
  out.reordered = ledger_.reordered();
}

// -- publishing ---------------------------------------------------------------

void fanout_load::publish_round() {
  for (std::size_t i = 0; i < what_.publishers; ++i)
    while (in_flight_[i].size() < what_.depth)
      publish(i);
}

void fanout_load::publish(std::size_t publisher) {
  auto number = published_[publisher]++;
  ++published_in_all_;
  published_at_[publisher].push_back(poll_.now());
  in_flight_[publisher].push_back(number);
  text_ = publish_begin;
  text_ += payload_begin;
  append_number(text_, publisher);
  text_ += payload_middle;
  append_number(text_, number);
  text_ += payload_end;
  text_ += R"(,"ackId":")";
  append_number(text_, number);
  text_ += "\"}";
  at(what_.connections + publisher).send(text_);
}

// -- receiving ----------------------------------------------------------------

void fanout_load::received(connection& who, std::string_view text) {
  if (who.index() >= what_.connections)
    acknowledged(who, text);
  else
    delivered(who, text);
  // Before the first event, all that comes says who has subscribed.
  if (what_.lockstep && !finishing_ && published_in_all_ > 0
      && all_is_delivered())
    publish_round();
}

void fanout_load::acknowledged(connection& who, std::string_view text) {
  auto publisher = who.index() - what_.connections;
  auto message = read_wire_message(text);
  std::uint64_t number = 0;
  if (!message || message->topic != "app::bench:publish"
      || !take_number(message->ack_id, number)
      || std::erase(in_flight_[publisher], number) == 0) {
    add_error("not the answer to any publish: " + std::string{text});
    return;
  }
  ++acknowledged_in_all_;
  if (!what_.lockstep && !finishing_)
    publish(publisher);
}

void fanout_load::delivered(connection& who, std::string_view text) {
  auto message = read_wire_message(text);
  if (message && message->topic == "app::bench:subscribe"
      && message->ack_id == "1") {
    ++subscribed_;
    return;
  }
  // Where it begins in a channel with a history.
  if (message && message->topic == "subscribed" && published_in_all_ == 0)
    return;
  std::uint64_t publisher = 0;
  std::uint64_t number = 0;
  if (!message || message->topic != "bench:message"
      || !read_event(message->payload, publisher, number)) {
    add_error("not what was published: " + std::string{text});
    return;
  }
  measured_.operation(poll_.now() - published_at_[publisher][number]);
  ledger_.heard(who.index(), publisher, number);
}

bool fanout_load::read_event(std::string_view payload, std::uint64_t& publisher,
                             std::uint64_t& number) const {
  return take_prefix(payload, payload_begin) && take_number(payload, publisher)
         && take_prefix(payload, payload_middle) && take_number(payload, number)
         && payload == payload_end && publisher < what_.publishers
         && number < published_[publisher];
}

bool fanout_load::all_is_delivered() const {
  return acknowledged_in_all_ == published_in_all_
         && ledger_.delivered() == published_in_all_ * what_.connections;
}

} // namespace flamigo::load
