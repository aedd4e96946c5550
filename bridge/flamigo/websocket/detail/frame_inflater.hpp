#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/beast/zlib/inflate_stream.hpp>

namespace flamigo::detail {

/// Makes plain frames of a client's compressed ones (RFC 7692, 7.2.2), of whole
/// frames whole ones, so that whoever reads them has nothing to do with
/// compression. Keeps no more of a message than a message may have. Pure: no
/// I/O.
///
/// Beast's stream inflates, too, but takes the end of a deflate stream (a block
/// with BFINAL) for the end of the connection, and ends that without a close
/// frame.
class frame_inflater {
public:
  enum class result {
    /// `rest` is a plain frame, or nothing is to be read any more.
    plain,
    /// The message is larger than it may be.
    too_big,
    /// The data is no compressed message.
    corrupt
  };

  explicit frame_inflater(std::size_t max_message_bytes)
    : max_message_(max_message_bytes) {
  }

  /// Whether this frame is to be added. One that breaks the rules is not.
  bool is_compressed(std::string_view frame) const noexcept;

  /// Takes a whole frame when nothing is left of the one before. After a
  /// failure, which is told once, nothing comes of what is added.
  result add(std::string_view frame);

  /// What is to be read of the frame.
  std::string_view rest() const noexcept {
    return std::string_view{plain_}.substr(used_);
  }

  /// So much of it was read.
  void take(std::size_t size);

private:
  result inflate(std::string_view bytes);

  /// What is behind the last byte of a message (RFC 7692, 7.2.2).
  result end_message();

  void put_header(std::uint8_t first);

  result fail(result why);

  boost::beast::zlib::inflate_stream stream_;
  std::size_t max_message_;
  /// The plain frame, from this byte on.
  std::string plain_;
  std::size_t used_ = 0;
  /// Of the message so far, before and after.
  std::size_t taken_ = 0;
  std::size_t made_ = 0;
  /// Whether a message has begun and not ended.
  bool in_message_ = false;
  /// Whether a block of the message was the last one of its stream.
  bool restarted_ = false;
  /// Whether the stream stands between two blocks.
  bool between_blocks_ = true;
  bool failed_ = false;
};

} // namespace flamigo::detail
