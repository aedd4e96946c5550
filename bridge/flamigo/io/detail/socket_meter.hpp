#pragma once

#include <chrono>
#include <cstddef>

#include "flamigo/io/detail/io_thread.hpp"

namespace flamigo::detail {

/// Counts what goes through the sockets of a thread, where somebody wants to
/// know.
class socket_meter {
public:
  explicit socket_meter(const io_thread& thread) noexcept
    : to_(thread.meter()) {
  }

  void accepted() const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->add(metric::sockets_accepted, 1);
  }

  /// It is not served.
  void refused(socket_refusal why) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->add(metric::sockets_refused, static_cast<std::size_t>(why), 1);
  }

  /// A handshake of TLS has come to this.
  void shook_hands(tls_outcome how) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->add(metric::tls_handshakes, static_cast<std::size_t>(how), 1);
  }

  void received(std::size_t bytes) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->add(metric::received_bytes, bytes);
  }

  /// So much was taken, and so much waits, where `before` has waited.
  void sent(std::size_t bytes, std::size_t before,
            std::size_t now) const noexcept {
    if (to_ == nullptr) [[likely]]
      return;
    to_->add(metric::sent_bytes, bytes);
    waits(before, now);
  }

  /// Nothing waits any more.
  void ended(std::size_t before) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      waits(before, 0);
  }

  /// Somebody was not let in.
  void refused(handshake_refusal why) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->add(metric::handshakes_refused, static_cast<std::size_t>(why), 1);
  }

  /// HTTP has answered.
  void answered(unsigned status) const noexcept {
    if (to_ != nullptr) [[unlikely]]
      to_->add(metric::http_responses, http_status_place(status), 1);
  }

  /// HTTP has answered for a strategy, with an error's status or 0.
  void served(std::size_t strategy, int status,
              std::chrono::nanoseconds time) const noexcept {
    if (to_ == nullptr) [[likely]]
      return;
    auto& cells = to_->of(strategy);
    cells.by_status[status == 0 ? ok_place : status_place(status)].add(1);
    cells.latency.observe(time);
  }

private:
  void waits(std::size_t before, std::size_t now) const noexcept {
    if (before == now)
      return;
    to_->add(metric::backlog_bytes, std::size_t{now - before});
    if ((before == 0) != (now == 0))
      to_->add(metric::backlogged_connections,
               now == 0 ? 0 - std::size_t{1} : 1);
  }

  metric_block* to_;
};

} // namespace flamigo::detail
