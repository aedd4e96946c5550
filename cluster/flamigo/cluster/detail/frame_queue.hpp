#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flamigo::detail {

/// Frames on their way from the threads of a library to the one that handles
/// them. Where 16 MiB wait, who brings more waits as well, so that the
/// library's own bounds take hold.
class frame_queue {
public:
  static constexpr std::size_t max_bytes = 16 * 1'024 * 1'024;

  /// On any thread but the one that takes. True if that one has to be woken.
  bool put(std::string_view frame) {
    std::unique_lock guard{mtx_};
    has_room_.wait(guard, [this] { return bytes_ < max_bytes || closed_; });
    if (closed_)
      return false;
    auto was_empty = frames_.empty();
    frames_.emplace_back(frame);
    bytes_ += frame.size();
    return was_empty;
  }

  std::vector<std::string> take() {
    std::lock_guard guard{mtx_};
    bytes_ = 0;
    has_room_.notify_all();
    return std::exchange(frames_, {});
  }

  /// Nothing is taken in, and nobody waits, before it is opened again.
  void close() {
    std::lock_guard guard{mtx_};
    closed_ = true;
    frames_.clear();
    bytes_ = 0;
    has_room_.notify_all();
  }

  void open() {
    std::lock_guard guard{mtx_};
    closed_ = false;
  }

private:
  std::mutex mtx_;
  std::condition_variable has_room_;
  std::vector<std::string> frames_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

} // namespace flamigo::detail
