#include "recover_load.hpp"

#include <utility>

#include "number.hpp"

namespace flamigo::load {

namespace {

constexpr std::string_view channel = "load:events";
constexpr std::string_view subscribe = "app::websocket:subscribe";
constexpr std::string_view unsubscribe = "app::websocket:unsubscribe";
constexpr std::string_view of_channel = R"({"topic":"load:events"})";
constexpr std::string_view number_begin = R"(,"n":)";

std::string with_topic(std::string_view topic) {
  std::string result = R"({"topic":")";
  result += topic;
  return result += '"';
}

/// What stands behind this member's name.
std::string_view behind(std::string_view text, std::string_view name) {
  auto begin = text.find(name);
  return begin == text.npos ? std::string_view{}
                            : text.substr(begin + name.size());
}

} // namespace

recover_load::recover_load(const options& what)
  : channel_load(what), next_(what.connections) {
}

void recover_load::perform() {
  open_all();
  if (failed())
    return;
  ask_all(0, what_.connections, "app::bench:subscribe",
          with_topic(plain_topic) + "}");
  // Once for what is made when it is first needed.
  if (!settle() || !round(false))
    return;
  auto end = clock::now()
             + std::chrono::duration_cast<clock::duration>(
               std::chrono::duration<double>{what_.seconds});
  do {
    if (!round(true))
      return;
  } while (clock::now() < end);
}

void recover_load::complete(report& out) const {
  channel_load::complete(out);
  auto plain = plain_.server_cpu_us();
  if (plain && out.operations > 0)
    out.server_plain_cpu_us = *plain / static_cast<double>(out.operations);
}

// -- a round ------------------------------------------------------------------

bool recover_load::round(bool measures) {
  if (!miss() || !send_plainly(measures))
    return false;
  auto plain = std::exchange(bytes_, 0);
  if (!recover(measures))
    return false;
  if (std::exchange(bytes_, 0) == plain)
    return true;
  add_error("what was recovered is not as long as the same as plain events");
  return false;
}

bool recover_load::miss() {
  // Says where the channel is.
  ask(at(0), subscribe, of_channel);
  if (!settle())
    return false;
  ask(at(0), unsubscribe, of_channel);
  if (!settle())
    return false;
  publish(channel, false);
  return settle();
}

bool recover_load::send_plainly(bool measures) {
  topic_ = plain_topic;
  expect_all();
  if (measures)
    plain_.start();
  publish(plain_topic, true);
  auto result = settle();
  if (measures)
    plain_.stop();
  return result;
}

bool recover_load::recover(bool measures) {
  topic_ = channel;
  expect_all();
  if (measures)
    measured_.start();
  ask_all(0, what_.connections, subscribe,
          with_topic(channel) + R"(,"since":{"epoch":")" + epoch_
            + R"(","offset":)" + std::to_string(offset_) + "}}");
  auto result = settle();
  if (measures)
    measured_.stop();
  if (!result)
    return false;
  ask_all(0, what_.connections, unsubscribe, of_channel);
  return settle();
}

void recover_load::expect_all() {
  next_.assign(next_.size(), 0);
  missing_ = what_.events * what_.connections;
  began_ = clock::now();
}

void recover_load::publish(std::string_view topic, bool is_longer) {
  for (std::uint64_t i = 0; i < what_.events; ++i) {
    auto payload = with_topic(topic);
    payload += number_begin;
    append_number(payload, i);
    payload += R"(,"text":"All who come back have missed this, word by word.)";
    if (is_longer) {
      std::string offsets = R"(,"offsets":{"load:events":)";
      append_number(offsets, offset_ + i + 1);
      payload.append(offsets.size() + 1, '.');
    }
    ask(at(what_.connections), "app::bench:publish", payload + "\"}");
  }
}

// -- what comes ---------------------------------------------------------------

void recover_load::answered(connection&, const wire_message& what) {
  if (what.topic != subscribe)
    return;
  if (missing_ > 0) {
    if (what.payload.find(R"("recovered":true)") == what.payload.npos)
      add_error("not recovered: " + std::string{what.payload});
    return;
  }
  auto epoch = behind(what.payload, R"("epoch":")");
  epoch_ = epoch.substr(0, epoch.find('"'));
  auto offset = behind(what.payload, R"("offset":)");
  if (!take_number(offset, offset_))
    add_error("no position: " + std::string{what.payload});
}

void recover_load::heard(connection& who, const wire_message& what,
                         std::size_t size) {
  auto payload = what.payload;
  std::uint64_t number = 0;
  if (missing_ == 0 || who.index() >= what_.connections
      || !take_prefix(payload, with_topic(topic_))
      || !take_prefix(payload, number_begin) || !take_number(payload, number)
      || number != next_[who.index()]) {
    add_error("not the next event: " + std::string{what.payload});
    return;
  }
  ++next_[who.index()];
  --missing_;
  bytes_ += size;
  measured_.operation(poll_.now() - began_);
}

} // namespace flamigo::load
