#pragma once

#include "visitor.hpp"

namespace flamigo::soak {

/// Resets its connection, at any moment: while it asks for a WebSocket, while
/// it has asked something, in the middle of a frame.
class killer : public visitor {
public:
  explicit killer(stage& on)
    : visitor(on), after_(std::chrono::microseconds{
                     on.pick(on.chance(50) ? 2'000 : 500'000)}) {
  }

  void leave() override {
    vanish();
  }

protected:
  std::string_view name() const override {
    return "kill";
  }

  void greeted() override {
    line_.send(R"({"topic":"app::soak:subscribe","payload":)"
               R"({"pattern":"soak"},"ackId":1})");
    for (int i = 0; i < 20; ++i)
      line_.send(R"({"topic":"app::desk:echo","payload":1,"ackId":2})");
    if (stage_.chance(50))
      line_.send_bytes("\x81\xfe");
  }

  void act() override {
    if (!begun_)
      begun_ = stage_.time();
    if (stage_.time() - *begun_ >= after_)
      vanish();
  }

  void ended(std::string_view failure) override {
    if (!stage_.ending)
      fault("a client that does nothing wrong stays connected", failure);
  }

private:
  clock::duration after_;
  std::optional<clock::time_point> begun_;
};

} // namespace flamigo::soak
