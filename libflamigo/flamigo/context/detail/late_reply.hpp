#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/tracing/detail/span.hpp"

namespace flamigo::detail {

class call_state;

/// One answer that is sent as a CAF response, exactly once, from any thread.
class late_reply {
public:
  /// The step of a trace, which is not null where there is one, ends with it.
  explicit late_reply(reply_address to, span_ptr step = nullptr) noexcept;

  late_reply(const late_reply&) = delete;

  late_reply& operator=(const late_reply&) = delete;

  /// Answers with an internal error if nothing was delivered.
  ~late_reply();

  bool pending() const noexcept {
    return (flags_.load(std::memory_order_relaxed) & delivered) == 0;
  }

  /// Has the actor that runs this call told when the answer is given. To be
  /// called once, there.
  void tell_end_of(std::shared_ptr<call_state> what) noexcept;

  void deliver(std::string json);

  void deliver(caf::error reason);

private:
  void send(caf::message content, const caf::error& why);

  static constexpr unsigned char delivered = 1;
  static constexpr unsigned char watched = 2;

  reply_address to_;
  const span_ptr step_;
  /// For who delivers to read when it is watched.
  std::shared_ptr<call_state> call_;
  std::atomic<unsigned char> flags_ = 0;
};

} // namespace flamigo::detail
