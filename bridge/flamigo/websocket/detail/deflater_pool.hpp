#pragma once

#include <array>
#include <memory>

#include <boost/asio/execution_context.hpp>

#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/websocket/detail/frame_deflater.hpp"

namespace flamigo::detail {

/// The deflaters of a thread, one for each size of window, made when a
/// connection first needs it. Each has some 100 KB, which no connection has to
/// keep.
///
/// For one thread. It lives as long as the thread's `io_context`, whose service
/// it is.
class deflater_pool final : public net::execution_context::service {
public:
  using key_type = deflater_pool;

  static inline net::execution_context::id id;

  /// For Asio.
  explicit deflater_pool(net::execution_context& where)
    : net::execution_context::service(where) {
  }

  /// The one of this thread.
  static deflater_pool& of(io_thread& thread);

  /// Of a window that clients may ask for, 9 to 15.
  std::shared_ptr<frame_deflater> get(int window_bits);

private:
  void shutdown() override;

  static constexpr int least_bits = 9;
  static constexpr int most_bits = 15;

  std::array<std::shared_ptr<frame_deflater>, most_bits - least_bits + 1> all_;
};

} // namespace flamigo::detail
