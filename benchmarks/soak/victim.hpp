#pragma once

#include <array>
#include <string>
#include <string_view>

#include "visitor.hpp"

namespace flamigo::soak {

/// Calls strategies whose author has made a mistake. What becomes of it itself
/// is not promised but for that its connection ends.
class victim : public visitor {
public:
  explicit victim(stage& on) : victim(on, on.pick(mistakes.size())) {
  }

protected:
  std::string_view name() const override {
    return "mistakes";
  }

  void greeted() override {
    begun_ = stage_.time();
    line_.send(R"({"topic":")" + std::string{mistakes[mistake_].strategy}
               + R"(","payload":)" + std::string{mistakes[mistake_].payload}
               + R"(,"ackId":1})");
  }

  void act() override {
    if (!line_.is_open() || leaving_ || stage_.time() - begun_ < stays_)
      return;
    leaving_ = true;
    if (resets_)
      return vanish();
    line_.close();
    expect(limits::close_timeout + limits::margin,
           "a connection ends whatever its strategies do");
  }

  void ended(std::string_view) override {
  }

private:
  struct mistake {
    std::string_view strategy;
    std::string_view payload;
  };

  static constexpr std::array<mistake, 6> mistakes{{
    {"app::fault:exception", "null"},
    {"app::fault:foreign", "null"},
    {"app::fault:later", "null"},
    {"app::fault:quit", "null"},
    {"app::fault:wait", R"({"ms":0})"},
    {"app::fault:wait", R"({"ms":800})"},
  }};

  victim(stage& on, std::size_t which)
    : visitor(on), mistake_(which),
      stays_(std::chrono::milliseconds{on.pick(500)}), resets_(on.chance(50)) {
  }

  std::size_t mistake_;
  clock::duration stays_;
  bool resets_;
  clock::time_point begun_{};
  bool leaving_ = false;
};

} // namespace flamigo::soak
