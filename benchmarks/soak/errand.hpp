#pragma once

#include <string>

#include "client.hpp"

namespace flamigo::soak {

/// A client with one request, or with the same one again and again until it is
/// told to leave.
class errand : public client {
public:
  errand(stage& on, std::string strategy, std::string payload,
         std::size_t depth = 0)
    : client(on), strategy_(std::move(strategy)), payload_(std::move(payload)),
      depth_(depth) {
  }

protected:
  std::string_view name() const override {
    return "errand";
  }

  void greeted() override {
    ask(lane::here, strategy_, payload_);
    if (depth_ == 0)
      leave();
  }

  void act() override {
    while (line_.is_open() && !leaving_ && book().open() < depth_)
      ask(lane::here, strategy_, payload_);
    client::act();
  }

  void answered(const question&, const load::wire_message&) override {
  }

private:
  std::string strategy_;
  std::string payload_;
  std::size_t depth_;
};

} // namespace flamigo::soak
