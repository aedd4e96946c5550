#pragma once

#include "client.hpp"

namespace flamigo::soak {

/// Connects, and asks for a WebSocket when it is told to, which is soon: that
/// the server has stood still meanwhile is not its fault.
class latecomer : public client {
public:
  explicit latecomer(stage& on) : client(on, silent(on.door)) {
  }

  /// Asks now.
  void speak() {
    line_.send_bytes(stage_.door.upgrade);
  }

protected:
  std::string_view name() const override {
    return "latecomer";
  }

  void greeted() override {
    ask(lane::here, "app::soak:echo", "1");
    leave();
  }

  void answered(const question&, const load::wire_message&) override {
  }

private:
  static load::endpoint silent(load::endpoint door) {
    door.upgrade.clear();
    return door;
  }
};

} // namespace flamigo::soak
