#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "flamigo/io/detail/address_ticket.hpp"
#include "flamigo/io/detail/asio.hpp"
#include "flamigo/io/detail/socket_layer.hpp"

namespace flamigo::detail {

/// A connected socket that Asio does not watch: it is read and written without
/// waiting, when a `socket_poller` says so. Owns the descriptor.
///
/// Where there is a layer, bytes are those within it; `readable` may then mean
/// some that are for the layer alone.
class stream_socket {
public:
  /// Takes over the descriptor.
  explicit stream_socket(int fd,
                         std::unique_ptr<socket_layer> layer = nullptr) noexcept
    : fd_(fd), layer_(std::move(layer)) {
  }

  stream_socket(stream_socket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), layer_(std::move(other.layer_)),
      ticket_(std::move(other.ticket_)) {
  }

  stream_socket& operator=(const stream_socket&) = delete;

  ~stream_socket();

  int native_handle() const noexcept {
    return fd_;
  }

  /// Puts a layer between the socket and its bytes, which has read some.
  void put_on(std::unique_ptr<socket_layer> layer) noexcept {
    layer_ = std::move(layer);
  }

  /// Counts for this address until it is closed.
  void keep(address_ticket ticket) noexcept {
    ticket_ = std::move(ticket);
  }

  /// Whether nobody on the way can read along.
  bool is_secure() const noexcept {
    return layer_ != nullptr;
  }

  /// Reads what is there. Fails with `would_block` when there is nothing and
  /// with `eof` when the peer has ended its side.
  std::size_t read_some(std::span<char> to, error_code& ec) noexcept;

  /// Shows what `read_some` will read, and leaves it there. Only while there is
  /// no layer.
  std::size_t look_ahead(std::span<char> to, error_code& ec) const noexcept;

  /// Whether there is something to read.
  bool readable() const noexcept;

  /// What is known of what comes behind a text.
  enum class behind {
    unknown,
    /// `shut_down`, so that the end leaves in the same packet.
    end,
  };

  /// Sends what fits, which may be nothing. What was not sent has to be the
  /// beginning of what is sent next.
  std::size_t write_some(std::string_view from, error_code& ec,
                         behind next = behind::unknown) noexcept;

  /// The same with two texts, one after the other.
  std::size_t write_some(std::string_view first, std::string_view second,
                         error_code& ec) noexcept;

  /// Fails when something that was sent has not arrived for so long, as the
  /// peer's end of TCP says: else that of a machine that has gone is noticed
  /// after a quarter of an hour. Does nothing where that cannot be had.
  void give_up_after(std::chrono::nanoseconds time) noexcept;

  /// Tells the peer that nothing more comes.
  void shut_down() noexcept;

  void close() noexcept;

private:
  int fd_;
  std::unique_ptr<socket_layer> layer_;
  address_ticket ticket_;
};

} // namespace flamigo::detail
