#pragma once

#include <cstdint>
#include <limits>
#include <utility>

namespace flamigo::detail {

/// Sees what is missing in the stream of frames that another node sends. Has no
/// clock: what a node says to have sent counts as lost if it has not come when
/// the node says the next thing of the kind, since that may overtake frames.
class stream_check {
public:
  /// What is known to be missing.
  struct gap {
    std::uint64_t frames = 0;
    /// There was a time in which the node sent nothing here, whatever happened.
    bool was_away = false;

    explicit operator bool() const noexcept {
      return frames > 0 || was_away;
    }
  };

  /// Whether a frame is to be looked at: it is none that has come before, or
  /// that comes too late.
  bool accept(std::uint64_t stream, std::uint64_t seq) noexcept {
    if (seq == 0 || seq == never || stream < stream_
        || (stream == stream_ && seq < next_))
      return false;
    move_to(stream, seq);
    --missing_.frames;
    return true;
  }

  /// The node says that it has sent all up to this one.
  void claim(std::uint64_t stream, std::uint64_t seq) noexcept {
    if (seq == never)
      return;
    give_up();
    claimed_stream_ = stream;
    claimed_ = seq;
  }

  /// Nothing comes any more: what the node has said to have sent is missing.
  void give_up() noexcept {
    if (is_ahead(claimed_stream_, claimed_))
      move_to(claimed_stream_, claimed_);
  }

  /// Takes what has been missing since the last call.
  gap take_gap() noexcept {
    return std::exchange(missing_, {});
  }

private:
  /// No frame has it.
  static constexpr auto never = std::numeric_limits<std::uint64_t>::max();

  bool is_ahead(std::uint64_t stream, std::uint64_t seq) const noexcept {
    return stream > stream_ ? seq > 0 : stream == stream_ && seq >= next_;
  }

  /// All up to this one has come or is missing.
  void move_to(std::uint64_t stream, std::uint64_t seq) noexcept {
    if (stream != stream_) {
      // Whoever is met in the middle of a stream has been forgotten.
      auto is_met = stream_ == 0;
      missing_.was_away |= !is_met || seq > 1;
      stream_ = stream;
      next_ = is_met ? seq : 1;
    }
    missing_.frames += seq + 1 - next_;
    next_ = seq + 1;
  }

  std::uint64_t stream_ = 0;
  std::uint64_t next_ = 1;
  std::uint64_t claimed_stream_ = 0;
  std::uint64_t claimed_ = 0;
  gap missing_;
};

} // namespace flamigo::detail
