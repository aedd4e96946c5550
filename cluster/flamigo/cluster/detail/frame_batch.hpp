#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace flamigo::detail {

/// Puts frames for the same node together to messages, and takes them apart
/// again: what costs is a message, which several threads and the server are
/// woken for.
class frame_batch {
public:
  /// Between two frames, which are JSON: it cannot be in one (RFC 8259, 2 and
  /// 7; RFC 7464 separates such texts by it as well).
  static constexpr char separator = '\x1e';

  /// Adds a frame to what waits for a node. If that would have more bytes than
  /// this, it is given to the function first.
  template <class Send>
  void add(std::string_view to, std::string_view frame, std::size_t max_bytes,
           Send send) {
    auto i = waiting_.find(to);
    if (i == waiting_.end())
      i = waiting_.try_emplace(std::string{to}).first;
    auto& [text, frames] = i->second;
    most_ = std::max(most_, ++frames);
    if (!text.empty() && text.size() + 1 + frame.size() > max_bytes) {
      send(to, text);
      bytes_ -= text.size();
      text.clear();
    }
    bytes_ += frame.size() + (text.empty() ? 0 : 1);
    if (!text.empty())
      text += separator;
    text += frame;
  }

  /// Of all that waits.
  std::size_t bytes() const noexcept {
    return bytes_;
  }

  /// Added for one node, for that which has most, since `take`.
  std::size_t most() const noexcept {
    return most_;
  }

  bool empty() const noexcept {
    return waiting_.empty();
  }

  /// Calls the function with each node and the message for it. Nothing waits
  /// afterwards.
  template <class Send>
  void take(Send send) {
    for (auto& [to, what] : waiting_)
      send(to, what.text);
    waiting_.clear();
    bytes_ = most_ = 0;
  }

  /// Calls the function with each frame of a message.
  template <class F>
  static void split(std::string_view message, F f) {
    for (;;) {
      auto end = message.find(separator);
      f(message.substr(0, end));
      if (end == std::string_view::npos)
        return;
      message.remove_prefix(end + 1);
    }
  }

private:
  struct message {
    std::string text;
    std::size_t frames = 0;
  };

  std::size_t bytes_ = 0;
  std::size_t most_ = 0;
  std::map<std::string, message, std::less<>> waiting_;
};

} // namespace flamigo::detail
