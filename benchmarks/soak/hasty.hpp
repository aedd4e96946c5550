#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "visitor.hpp"

namespace flamigo::soak {

/// Asks without pause and without waiting for answers; each request is answered
/// all the same, be it by 429.
class hasty : public visitor {
public:
  hasty(stage& on, std::uint64_t requests) : visitor(on), answered_(requests) {
  }

  void received(load::connection& who, std::string_view text) override;

protected:
  std::string_view name() const override {
    return "without pause";
  }

  void act() override;

  void ended(std::string_view failure) override;

private:
  std::string text_;
  std::uint64_t asked_ = 0;
  /// Whether each was answered.
  std::vector<bool> answered_;
  std::uint64_t answers_ = 0;
  bool closing_ = false;
};

} // namespace flamigo::soak
