#pragma once

#include <string>
#include <string_view>

#include <boost/beast/zlib/deflate_stream.hpp>

#include "flamigo/io/detail/flushable.hpp"

namespace flamigo::detail {

/// Makes compressed frames of texts (RFC 7692, 7.2.1).
///
/// Where none builds on another (`server_no_context_takeover`), one does for
/// all connections of a thread, and an event is compressed once for all who
/// hear it there. Where they do, each connection has its own.
///
/// For one thread. Pure: no I/O.
class frame_deflater final : public flushable {
public:
  /// Of the window that was agreed on, 9 to 15.
  frame_deflater(int window_bits, bool has_context);

  /// Appends a whole frame with this text. Where it builds on none before, it
  /// is plain if it would become longer. If memory runs short it throws, and it
  /// is as if the text had not been there.
  void append(std::string& to, std::string_view text);

  /// Whether it remembers a text that is too large to be kept when all have
  /// heard it: to be flushed at the end of the turn.
  bool is_laden() const noexcept {
    return laden_;
  }

  /// Lets go of that.
  void flush() override;

private:
  /// Makes `frame_`.
  void make_frame(std::string_view text);

  /// Returns the payload, which is there until the next one is made.
  std::string_view deflate(std::string_view text);

  boost::beast::zlib::deflate_stream stream_;
  const bool has_context_;
  /// Whether the last text has become a frame: memory may have run short.
  bool made_ = false;
  bool laden_ = false;
  /// The last one, and the frame that it came to, unless more builds on it.
  std::string text_;
  std::string frame_;
};

} // namespace flamigo::detail
