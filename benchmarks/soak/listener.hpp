#pragma once

#include "../load/number.hpp"
#include "../load/wire_message.hpp"
#include "visitor.hpp"

namespace flamigo::soak {

/// Hears what is published faster than anybody can hear it: in order and
/// without a gap, until it is closed for being slow.
class listener : public visitor {
public:
  listener(stage& on, bool deaf) : visitor(on), deaf_(deaf) {
  }

  void leave() override {
    vanish();
  }

  void received(load::connection&, std::string_view text) override {
    auto message = load::read_wire_message(text);
    if (!message || message->topic != "soak:loud")
      return;
    if (deaf_)
      line_.pause();
    std::uint64_t number = 0;
    auto payload = message->payload;
    if (!load::take_prefix(payload, R"({"n":)")
        || !load::take_number(payload, number) || (next_ && number != *next_))
      fault("no event is missed", "one of many is " + std::to_string(number)
                                    + " instead of "
                                    + std::to_string(next_.value_or(0)));
    next_ = number + 1;
    ++stage_.done().events;
  }

protected:
  std::string_view name() const override {
    return "loud events";
  }

  void greeted() override {
    line_.send(R"({"topic":"app::soak:subscribe","payload":)"
               R"({"pattern":"loud"},"ackId":1})");
  }

  void ended(std::string_view failure) override {
    if (!stage_.ending && line_.close_code() != 3008 && !deaf_)
      fault("who is too slow is told so", failure);
  }

private:
  bool deaf_;
  std::optional<std::uint64_t> next_;
};

} // namespace flamigo::soak
