#pragma once

#include "client.hpp"

namespace flamigo::soak {

/// A client with a bad line: it takes a little at a time, but it takes all.
class sluggish : public client {
public:
  explicit sluggish(stage& on) : client(on, narrow(on.door)) {
  }

protected:
  std::string_view name() const override {
    return "sluggish";
  }

  void act() override {
    if (line_.is_open() && book().open() == 0 && !leaving_) {
      if (++rounds_ > 3)
        leaving_ = true;
      for (int i = 0; i < 4 && !leaving_; ++i)
        ask(lane::here, "app::soak:blob", R"({"bytes":40000})");
    }
    // Open for one turn of the poller, closed for some.
    if (line_.is_open() && book().open() > 0) {
      if (stage_.poll().now() - took_ < std::chrono::milliseconds{20}) {
        line_.pause();
      } else {
        took_ = stage_.poll().now();
        line_.resume();
      }
    }
    client::act();
  }

  void answered(const question&, const load::wire_message& answer) override {
    if (answer.payload.size() != 40'002 && answer.topic != "error")
      fault("an answer is the answer to its request",
            std::to_string(answer.payload.size()) + " bytes");
    if (book().open() == 0)
      line_.resume();
  }

private:
  static load::endpoint narrow(load::endpoint door) {
    door.receive_buffer = 8192;
    return door;
  }

  int rounds_ = 0;
  clock::time_point took_{};
};

} // namespace flamigo::soak
