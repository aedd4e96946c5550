#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "flamigo/client/websocket_client.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

/// What a client waits for. Abandons a subscription that does not come about.
class wished_channel {
public:
  wished_channel(websocket_client& self, std::string topic)
    : self_(self), what_{std::move(topic)} {
    self.begin_wish(what_);
  }

  wished_channel(const wished_channel&) = delete;

  wished_channel& operator=(const wished_channel&) = delete;

  ~wished_channel() {
    self_.end_wish(what_);
    // There is no such serial when nothing has begun.
    if (auto* what = self_.channel_of(serial_))
      guarded_or_logged([&] { self_.abandon(*what); },
                        [this] { return self_.title(); });
  }

  bool is_wanted() const noexcept {
    return what_.is_wanted;
  }

  void begun(std::uint32_t serial) noexcept {
    serial_ = serial;
  }

  void finish() noexcept {
    serial_ = 0;
  }

private:
  websocket_client& self_;
  channel_wish what_;
  std::uint32_t serial_ = 0;
};

} // namespace flamigo::detail
