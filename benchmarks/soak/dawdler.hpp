#pragma once

#include "visitor.hpp"

namespace flamigo::soak {

/// Never ends its request for a WebSocket: it says nothing more, or a byte now
/// and then.
class dawdler : public visitor {
public:
  explicit dawdler(stage& on)
    : visitor(on, half(on.door, on.pick(40))), trickles_(on.chance(50)) {
  }

protected:
  std::string_view name() const override {
    return "endless upgrade";
  }

  void greeted() override {
    vanish();
  }

  void act() override {
    if (!begun_) {
      begun_ = true;
      expect(limits::handshake_timeout + limits::margin,
             "who does not ask in time is closed");
    }
    if (trickles_ && stage_.time() - said_ > std::chrono::milliseconds{300}) {
      said_ = stage_.time();
      line_.send_bytes("x");
    }
  }

  void ended(std::string_view) override {
  }

private:
  static load::endpoint half(load::endpoint door, std::uint64_t bytes) {
    door.upgrade = "GET /ws HTTP/1.1\r\nHost: localhost\r\nX-Long: ";
    door.upgrade.resize(bytes);
    return door;
  }

  bool trickles_;
  bool begun_ = false;
  clock::time_point said_{};
};

} // namespace flamigo::soak
