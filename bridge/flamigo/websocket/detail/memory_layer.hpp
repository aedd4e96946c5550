#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/websocket/detail/read_slot.hpp"

namespace flamigo::detail {

/// What `beast::websocket::stream` reads from and writes to: memory. Whoever
/// owns the stream gives it the bytes that came, by completing its pending
/// read, so that it does not go through the executor for them.
class memory_layer {
public:
  using executor_type = executor;

  /// What the stream writes is appended to `output`, or dropped where that is
  /// null.
  memory_layer(executor ex, std::string* output)
    : executor_(std::move(ex)), output_(output) {
  }

  executor_type get_executor() const noexcept {
    return executor_;
  }

  // -- the owner's side -------------------------------------------------------

  /// Whether the stream waits for bytes.
  bool is_read() const noexcept {
    return static_cast<bool>(read_);
  }

  /// Gives bytes to the stream, which waits for some; returns how many it has
  /// taken. The stream may be gone then.
  std::size_t give(std::string_view bytes) {
    return read_.complete(bytes);
  }

  // -- the stream's side ------------------------------------------------------

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return net::async_initiate<Handler, void(error_code, std::size_t)>(
      [this](auto&& h, const Buffers& to) {
        read_.set(to, std::forward<decltype(h)>(h));
      },
      handler, buffers);
  }

  /// Never used, since the stream is only read asynchronously, but Beast asks
  /// for it.
  template <class Buffers>
  std::size_t read_some(const Buffers&, error_code& ec) {
    ec = net::error::would_block;
    return 0;
  }

  template <class Buffers>
  std::size_t read_some(const Buffers&) {
    throw beast::system_error{net::error::would_block};
  }

  template <class Buffers>
  std::size_t write_some(const Buffers& buffers) {
    return append(buffers);
  }

  template <class Buffers>
  std::size_t write_some(const Buffers& buffers, error_code& ec) {
    ec = {};
    return append(buffers);
  }

  /// The stream writes nothing by itself but a close frame, when the peer has
  /// broken a rule. Its owner is told of that, too, and writes the frame.
  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return net::async_initiate<Handler, void(error_code, std::size_t)>(
      [this](auto&& h, const Buffers& from) {
        net::post(executor_, beast::bind_front_handler(
                               std::forward<decltype(h)>(h), error_code{},
                               net::buffer_size(from)));
      },
      handler, buffers);
  }

private:
  template <class Buffers>
  std::size_t append(const Buffers& buffers) {
    if (output_ != nullptr) {
      for (auto i = net::buffer_sequence_begin(buffers);
           i != net::buffer_sequence_end(buffers); ++i) {
        net::const_buffer part = *i;
        output_->append(static_cast<const char*>(part.data()), part.size());
      }
    }
    return net::buffer_size(buffers);
  }

  executor executor_;
  std::string* output_;
  read_slot read_;
};

// -- what beast::websocket::stream asks of a next layer -----------------------

/// The socket is shut down by its owner, behind the output that still waits.
inline void teardown(beast::role_type, memory_layer&, error_code& ec) {
  ec = {};
}

template <class Handler>
void async_teardown(beast::role_type, memory_layer& layer, Handler&& handler) {
  net::post(layer.get_executor(),
            beast::bind_front_handler(std::forward<Handler>(handler),
                                      error_code{}));
}

inline void beast_close_socket(memory_layer&) {
  // nop
}

} // namespace flamigo::detail
