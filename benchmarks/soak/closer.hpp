#pragma once

#include "visitor.hpp"

namespace flamigo::soak {

/// Closes with requests under way, or has the server close, and looks whether
/// the other side does its part (RFC 6455, 7.1.1).
class closer : public visitor {
public:
  explicit closer(stage& on)
    : visitor(on), code_(static_cast<std::uint16_t>(
                     on.chance(50) ? 4000 + on.pick(1000) : 0)) {
  }

protected:
  std::string_view name() const override {
    return "close handshake";
  }

  void greeted() override {
    for (int i = 0; i < 5; ++i)
      line_.send(R"({"topic":"app::soak:ask","ackId":1})");
    expect(limits::margin,
           code_ == 0 ? "the server answers a close frame and closes the socket"
                      : "a client that the program closes is closed");
    if (code_ == 0)
      line_.close();
    else
      line_.send(R"({"topic":"app::soak:close","payload":{"code":)"
                 + std::to_string(code_) + "}}");
  }

  void ended(std::string_view failure) override {
    if (stage_.ending)
      return;
    if (code_ == 0 ? !failure.empty() : line_.close_code() != code_)
      fault("a close handshake ends with the code that was chosen", failure);
  }

private:
  /// Which the server is to close with; 0 to close from here.
  std::uint16_t code_;
};

} // namespace flamigo::soak
