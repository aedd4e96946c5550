#pragma once

#include "client.hpp"

namespace flamigo::soak {

/// Does nothing but answer pings, and asks once before it goes.
class idler : public client {
public:
  idler(stage& on, clock::duration time) : client(on), time_(time) {
  }

protected:
  std::string_view name() const override {
    return "idle";
  }

  void greeted() override {
    until_ = stage_.time() + time_;
  }

  void act() override {
    if (greeted_ && !asked_ && line_.is_open()
        && (leaving_ || stage_.time() >= until_)) {
      asked_ = true;
      ask(lane::here, "app::soak:echo", "1");
      leaving_ = true;
    }
    client::act();
  }

  void answered(const question&, const load::wire_message&) override {
  }

private:
  clock::duration time_;
  clock::time_point until_{};
  bool asked_ = false;
};

} // namespace flamigo::soak
