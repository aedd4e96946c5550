#pragma once

#include "visitor.hpp"

namespace flamigo::soak {

/// Stops reading and writing without closing, as a machine that has lost its
/// network; what the server wants to say to it then is little or much.
class half_open : public visitor {
public:
  half_open(stage& on, bool much) : visitor(on), much_(much) {
  }

  void received(load::connection&, std::string_view) override {
    if (!mute_since_)
      fall_silent();
  }

protected:
  std::string_view name() const override {
    return much_ ? "deaf" : "half open";
  }

  void greeted() override {
    line_.send(much_ ? R"({"topic":"app::soak:subscribe","payload":)"
                       R"({"pattern":"soak"},"ackId":1})"
                     : R"({"topic":"app::soak:echo","ackId":1})");
  }

  void act() override {
    if (!mute_since_ || looking_
        || stage_.time() - *mute_since_ < (much_ ? taking : answering))
      return;
    // What the server has said in the end is to be read.
    looking_ = true;
    line_.resume();
    expect(limits::margin,
           much_ ? "a client that takes nothing is closed in time"
                 : "a client that answers no ping is closed in time");
  }

  void ended(std::string_view failure) override {
    if (!mute_since_ && !stage_.ending)
      fault("a client that does nothing wrong stays connected", failure);
  }

private:
  static constexpr auto answering = limits::ping_interval + limits::pong_timeout
                                    + limits::close_timeout + limits::margin;
  static constexpr auto taking = limits::backlog_timeout + limits::close_timeout
                                 + limits::margin;

  void fall_silent() {
    mute_since_ = stage_.time();
    line_.pause();
    // More than its own kernel and the server's keep for it.
    for (int i = 0; much_ && i < 60; ++i)
      line_.send(
        R"({"topic":"app::soak:blob","payload":{"bytes":100000},"ackId":2})");
  }

  bool much_;
  bool looking_ = false;
  std::optional<clock::time_point> mute_since_;
};

} // namespace flamigo::soak
