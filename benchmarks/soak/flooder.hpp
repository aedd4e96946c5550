#pragma once

#include "visitor.hpp"

namespace flamigo::soak {

/// Sends control frames without pause, and reads what comes, or does not.
class flooder : public visitor {
public:
  enum class kind {
    pings,
    unread_pings,
    pongs
  };

  flooder(stage& on, kind what, clock::duration time)
    : visitor(on), kind_(what), time_(time) {
  }

  void leave() override {
    time_ = {};
  }

  void ponged(load::connection& who, std::string_view payload) override;

protected:
  std::string_view name() const override {
    return kind_ == kind::pongs ? "pong flood" : "ping flood";
  }

  void greeted() override;

  void act() override;

  void ended(std::string_view failure) override;

private:
  void send_batch();

  void finish();

  kind kind_;
  clock::duration time_;
  clock::time_point begun_{};
  std::string batch_;
  std::uint64_t sent_ = 0;
  std::uint64_t answered_ = 0;
  bool finishing_ = false;
  bool closing_ = false;
};

} // namespace flamigo::soak
