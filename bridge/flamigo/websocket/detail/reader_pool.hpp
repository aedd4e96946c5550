#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <boost/asio/execution_context.hpp>

#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/websocket/detail/message_reader.hpp"

namespace flamigo::detail {

/// The readers of a thread, which its connections borrow, as they do its
/// buffers. Of all who are connected few have a frame that is not read yet.
///
/// For one thread. It lives as long as the thread's `io_context`, whose service
/// it is.
class reader_pool final : public net::execution_context::service {
public:
  using key_type = reader_pool;

  static inline net::execution_context::id id;

  /// For Asio.
  explicit reader_pool(net::execution_context& where)
    : net::execution_context::service(where) {
  }

  /// The one of this thread.
  static reader_pool& of(io_thread& thread);

  /// A reader that waits for the first frame of a message.
  std::shared_ptr<message_reader> borrow();

  /// Takes back one that waits for the first frame of a message.
  void give_back(std::shared_ptr<message_reader> what);

  /// Where messages are put while they are handled.
  std::span<char> message_buffer() noexcept {
    return thread_->message_buffer();
  }

  std::size_t spare() const noexcept {
    return spare_.size();
  }

private:
  void shutdown() override;

  io_thread* thread_ = nullptr;
  std::vector<std::shared_ptr<message_reader>> spare_;
};

} // namespace flamigo::detail
