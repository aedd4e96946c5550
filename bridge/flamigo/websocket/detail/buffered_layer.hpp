#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/websocket/detail/frame_cutter.hpp"
#include "flamigo/websocket/detail/frame_inflater.hpp"
#include "flamigo/websocket/detail/read_slot.hpp"

namespace flamigo::detail {

/// What `beast::websocket::stream` reads from and writes to: memory. Whoever
/// owns the socket feeds it with the bytes that came and sends what was
/// written.
///
/// Frames are handed to the stream one at a time and whole, by completing its
/// pending read from within `feed`. The stream therefore never reads ahead,
/// never waits for the rest of a frame and never goes through the executor.
/// Pings and pongs do not get to it, since it stops reading until a pong is
/// written. Nor do close frames, which the owner reads and writes: so it knows
/// that nothing is said behind one. Compressed messages come to the stream as
/// plain ones (`frame_inflater`).
class buffered_layer {
public:
  using executor_type = executor;

  /// The owner, which is told when there is something to do.
  class owner {
  public:
    /// The first byte of output is written next.
    virtual void output_ready() = 0;

    /// The stream wants to read again, and bytes wait in the stash: call `feed`
    /// with nothing, soon, but not from here.
    virtual void input_wanted() = 0;

    /// So many frames were served that it is the others' turn. Call `feed` with
    /// nothing when they have had it.
    virtual void frames_left() = 0;

    /// A message over the limit was met; its frames are dropped.
    virtual void message_refused() = 0;

    /// The compressed data of a message is none. What follows is dropped.
    virtual void message_corrupt() = 0;

    /// The peer's close frame, with this payload of at most 125 bytes. All
    /// before it was read, and what follows is dropped.
    virtual void closed(std::string_view payload) = 0;

    /// The peer wants to know whether we are there. Its payload, of at most 125
    /// bytes, is to be sent back in a pong; of several pings only the latest
    /// need be answered (RFC 6455, 5.5.3).
    virtual void pinged(std::string_view payload) = 0;

  protected:
    ~owner() = default;
  };

  /// What the stream writes is appended to `output`.
  buffered_layer(executor ex, owner& who, std::string& output,
                 std::size_t max_message_bytes)
    : executor_(std::move(ex)), owner_(who), output_(output),
      max_message_(max_message_bytes), cutter_(max_message_bytes) {
  }

  executor_type get_executor() const noexcept {
    return executor_;
  }

  // -- the owner's side -------------------------------------------------------

  /// Hands the frames in these bytes to the stream; keeps a copy of what is not
  /// a whole frame yet, and of all that comes while the stream does not read.
  /// After `max_frames` the rest waits: however small they are, the other
  /// connections come first.
  void feed(std::string_view bytes);

  static constexpr std::size_t max_frames = 64;

  /// From here on messages may be compressed.
  void inflate() {
    inflater_ = std::make_unique<frame_inflater>(max_message_);
  }

  /// Whether messages are compressed, as was agreed.
  bool inflates() const noexcept {
    return inflater_ != nullptr;
  }

  /// Whether whole frames wait, for the stream or for the next turn. Feed it no
  /// bytes meanwhile: what is kept stays bounded by one message and one feed.
  bool blocked() const noexcept {
    return blocked_;
  }

  /// Ends the stream's reading with this error.
  void fail(error_code why);

  /// Bytes of input that wait.
  std::size_t stashed() const noexcept {
    return stash_.size() - used_ + inflated().size();
  }

  // -- the stream's side ------------------------------------------------------

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return net::async_initiate<Handler, void(error_code, std::size_t)>(
      [this](auto&& h, const Buffers& to) {
        if (failure_) {
          net::post(executor_,
                    beast::bind_front_handler(std::forward<decltype(h)>(h),
                                              failure_, std::size_t{0}));
          return;
        }
        read_.set(to, std::forward<decltype(h)>(h));
        if (!feeding_ && stashed() > 0)
          owner_.input_wanted();
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
    if (output_.empty())
      owner_.output_ready();
    auto size = net::buffer_size(buffers);
    for (auto i = net::buffer_sequence_begin(buffers);
         i != net::buffer_sequence_end(buffers); ++i) {
      net::const_buffer part = *i;
      output_.append(static_cast<const char*>(part.data()), part.size());
    }
    return size;
  }

  std::size_t serve(std::string_view bytes);

  /// Whether this frame is one with which the stream has nothing to do. One
  /// that breaks the rules is left to the stream, which says so.
  bool take_control(std::string_view frame);

  /// Returns for how many frames this one counts.
  std::size_t take_compressed(std::string_view frame);

  /// What a compressed frame has come to and the stream has not read yet.
  std::string_view inflated() const noexcept {
    return inflater_ ? inflater_->rest() : std::string_view{};
  }

  executor executor_;
  owner& owner_;
  std::string& output_;
  std::size_t max_message_;
  frame_cutter cutter_;
  /// Bytes of the current frame that the stream has not been given.
  std::uint64_t frame_left_ = 0;
  /// Bytes of a refused frame that are still to come.
  std::uint64_t drop_left_ = 0;
  read_slot read_;
  /// Where compression was agreed to.
  std::unique_ptr<frame_inflater> inflater_;
  /// Input that waits, from this byte on.
  std::string stash_;
  std::size_t used_ = 0;
  error_code failure_;
  bool feeding_ = false;
  bool blocked_ = false;
  /// Whether the peer has closed.
  bool closed_ = false;
};

// -- what beast::websocket::stream asks of a next layer -----------------------

/// The socket is shut down by its owner, behind the output that still waits.
inline void teardown(beast::role_type, buffered_layer&, error_code& ec) {
  ec = {};
}

template <class Handler>
void async_teardown(beast::role_type, buffered_layer& layer,
                    Handler&& handler) {
  net::post(layer.get_executor(),
            beast::bind_front_handler(std::forward<Handler>(handler),
                                      error_code{}));
}

inline void beast_close_socket(buffered_layer&) {
  // nop
}

} // namespace flamigo::detail
