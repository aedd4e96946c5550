#pragma once

#include <string>

#include "visitor.hpp"

namespace flamigo::soak {

/// Subscribes to patterns as long as a message can be. Whether it may is the
/// server's business; what it costs is not to stay.
class hoarder : public visitor {
public:
  using visitor::visitor;

  void leave() override {
    vanish();
  }

protected:
  std::string_view name() const override {
    return "long patterns";
  }

  void greeted() override {
    begun_ = stage_.time();
    std::string pattern = std::to_string(stage_.pick(1'000'000));
    for (int i = 0; i < 30'000; ++i)
      pattern += "/a";
    line_.send(R"({"topic":"app::soak:subscribe","payload":{"pattern":")"
               + pattern + R"("},"ackId":1})");
  }

  void act() override {
    if (greeted_ && stage_.time() - begun_ > std::chrono::seconds{2})
      vanish();
  }

  void ended(std::string_view failure) override {
    if (!stage_.ending)
      fault("who subscribes to a long pattern is served, or told why not",
            failure);
  }

private:
  clock::time_point begun_{};
};

} // namespace flamigo::soak
