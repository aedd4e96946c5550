#pragma once

#include <string>
#include <string_view>

#include "visitor.hpp"

namespace flamigo::soak {

/// Something that no client may send, and the close code that it gets; 0 where
/// HTTP refuses it.
struct offence {
  std::string_view what;
  std::string bytes;
  std::uint16_t code;
  /// Instead of the request for a WebSocket.
  bool is_http = false;
};

/// Sends it, and expects to be closed for that.
class offender : public visitor {
public:
  explicit offender(stage& on);

protected:
  std::string_view name() const override {
    return "malformed";
  }

  void greeted() override;

  void act() override;

  void ended(std::string_view failure) override;

private:
  offender(stage& on, const offence& what);

  const offence& what_;
  bool waiting_ = false;
};

} // namespace flamigo::soak
