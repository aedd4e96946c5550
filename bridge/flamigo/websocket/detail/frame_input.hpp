#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "flamigo/io/detail/asio.hpp"
#include "flamigo/websocket/detail/frame_cutter.hpp"
#include "flamigo/websocket/detail/frame_inflater.hpp"
#include "flamigo/websocket/detail/message_reader.hpp"
#include "flamigo/websocket/detail/reader_pool.hpp"

namespace flamigo::detail {

/// Makes messages of the bytes that come on one connection. A text that came in
/// one frame, as nearly all do, is read here; all else by Beast's stream.
///
/// Frames are handed to the stream one at a time and whole, from within `feed`.
/// The stream therefore never reads ahead, never waits for the rest of a frame
/// and never goes through the executor; and where no message is under way it
/// has nothing of this connection, so it is the thread's, and borrowed when
/// there is a frame for it.
/// Pings and pongs do not get to it, since it stops reading until a pong is
/// written. Nor do close frames, which the owner reads and writes: so it knows
/// that nothing is said behind one. Compressed messages come to the stream as
/// plain ones (`frame_inflater`).
class frame_input {
public:
  /// The owner, which is told when there is something to do.
  class owner {
  public:
    /// A whole message, valid UTF-8 unless it is binary.
    virtual void message(std::string_view text, bool binary) = 0;

    /// The peer has broken a rule of the protocol, which one says the error.
    /// What follows is dropped.
    virtual void broken(error_code why) = 0;

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

  frame_input(reader_pool& pool, owner& who, std::size_t max_message_bytes)
    : pool_(pool), owner_(who), cutter_(max_message_bytes) {
  }

  frame_input(const frame_input&) = delete;

  frame_input& operator=(const frame_input&) = delete;

  ~frame_input();

  /// Hands the frames in these bytes to the stream; keeps a copy of what is not
  /// a whole frame yet, and of all that comes while the stream does not read.
  /// After `max_frames` the rest waits: however small they are, the other
  /// connections come first.
  void feed(std::string_view bytes);

  static constexpr std::size_t max_frames = 64;

  /// From here on messages may be compressed.
  void inflate();

  /// Drops all that waits and what comes from now on.
  void stop();

  /// Whether whole frames wait, for the stream or for the next turn. Feed it no
  /// bytes meanwhile: what is kept stays bounded by one message and one feed.
  bool blocked() const noexcept {
    return blocked_;
  }

  /// Bytes that wait.
  std::size_t stashed() const noexcept {
    return stash_.size() - used_ + inflated().size();
  }

  /// Whether it keeps a reader, for a message that is not whole yet.
  bool has_reader() const noexcept {
    return reader_ != nullptr;
  }

  // -- the reader's side ------------------------------------------------------

  void on_piece(const message_reader::piece& what) {
    if (what.last && !partial_)
      owner_.message(what.bytes, what.binary);
    else
      add_piece(what);
  }

  /// The frames have broken a rule; nothing more is read.
  void on_broken(error_code why);

  /// The reader waits for bytes again.
  void on_waiting() {
    if (!feeding_)
      go_on();
  }

private:
  // -- frames -----------------------------------------------------------------

  std::size_t serve(std::string_view bytes);

  void add_piece(const message_reader::piece& what);

  void go_on();

  /// Whether a reader waits for bytes; borrows one if there is none.
  bool can_read();

  /// The reader is not needed any more, if nothing of this connection is in it.
  void rest();

  void let_go() noexcept;

  /// The stream gets a frame with this first byte.
  void begin_frame(char first) noexcept;

  /// Whether this frame is one with which the stream has nothing to do. One
  /// that breaks the rules is left to the stream, which says so.
  bool take_control(std::string_view frame);

  /// Whether this frame is a whole message in text, as nearly all are. The rest
  /// is left to the stream.
  bool take_text(std::string_view frame);

  /// Returns for how many frames this one counts.
  std::size_t take_compressed(std::string_view frame);

  /// What a compressed frame has come to and the stream has not read yet.
  std::string_view inflated() const noexcept {
    return inflater_ ? inflater_->rest() : std::string_view{};
  }

  reader_pool& pool_;
  owner& owner_;
  std::shared_ptr<message_reader> reader_;
  frame_cutter cutter_;
  /// Bytes of the current frame that the stream has not been given.
  std::uint64_t frame_left_ = 0;
  /// Bytes of a refused frame that are still to come.
  std::uint64_t drop_left_ = 0;
  /// Where compression was agreed to.
  std::unique_ptr<frame_inflater> inflater_;
  /// Input that waits, from this byte on.
  std::string stash_;
  std::size_t used_ = 0;
  /// The pieces of a message that is not complete. Apart, since most messages
  /// come whole.
  std::unique_ptr<std::string> partial_;
  /// Whether the stream was given a frame with which its message does not end.
  bool in_message_ = false;
  bool feeding_ = false;
  bool blocked_ = false;
  /// Whether nothing more is read.
  bool closed_ = false;
};

} // namespace flamigo::detail
