#pragma once

#include <atomic>
#include <string>

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include "flamigo/context/detail/reply_port.hpp"

namespace flamigo::detail {

/// One answer that is sent as a CAF response, exactly once, from any thread.
class late_reply {
public:
  explicit late_reply(reply_address to) noexcept;

  late_reply(const late_reply&) = delete;

  late_reply& operator=(const late_reply&) = delete;

  /// Answers with an internal error if nothing was delivered.
  ~late_reply();

  bool pending() const noexcept {
    return !delivered_.load(std::memory_order_relaxed);
  }

  void deliver(std::string json);

  void deliver(caf::error reason);

private:
  void send(caf::message content);

  reply_address to_;
  std::atomic<bool> delivered_ = false;
};

} // namespace flamigo::detail
