#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "flamigo/json/detail/scan_failure.hpp"
#include "flamigo/json/detail/token.hpp"

namespace flamigo::detail {

/// The tokens of one JSON text, which must outlive them. Small texts need no
/// heap. Large: keep it on the stack, one per call.
class json_tape {
public:
  // Not defaulted: `json_tape{}` would clear the array.
  json_tape() noexcept {
    // nop
  }

  ~json_tape() {
    delete[] heap_;
  }

  json_tape(const json_tape&) = delete;

  json_tape& operator=(const json_tape&) = delete;

  /// Reads one JSON value. Once per tape.
  scan_failure parse(std::string_view text);

  /// The whole value; valid once `parse` has succeeded.
  const json_token& root() const noexcept {
    return *tokens_;
  }

  /// Whether one more token would need the heap.
  bool full() const noexcept {
    return size_ == inline_tokens;
  }

  // -- called while reading ---------------------------------------------------

  void restart() noexcept {
    size_ = 0;
    open_ = 0;
  }

  void name(std::string_view text, bool escaped) {
    push(json_kind::string, text, escaped);
  }

  void scalar(json_kind kind, std::string_view slice, bool escaped) {
    if (kind == json_kind::string)
      slice = slice.substr(1, slice.size() - 2);
    push(kind, slice, escaped);
  }

  void open(json_kind kind, const char* begin) {
    auto parent = open_;
    open_ = size_;
    push(kind, {begin, 0}, false);
    // Until the value ends, its span holds the way back.
    tokens_[open_].span = parent;
  }

  void close(const char* end, std::size_t count) {
    auto& token = tokens_[open_];
    token.size = static_cast<std::uint32_t>(end - token.text);
    token.count = static_cast<std::uint32_t>(count);
    auto parent = token.span;
    token.span = size_ - open_;
    open_ = parent;
  }

private:
  static constexpr std::uint32_t inline_tokens = 64;

  void push(json_kind kind, std::string_view text, bool escaped) {
    if (size_ == capacity_) [[unlikely]]
      grow();
    tokens_[size_++] = {text.data(), static_cast<std::uint32_t>(text.size()),
                        1,           0,
                        kind,        escaped};
  }

  void grow();

  std::array<json_token, inline_tokens> inline_;
  json_token* tokens_ = inline_.data();
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = inline_tokens;
  std::uint32_t open_ = 0;
  /// Owned. A std::unique_ptr of it would be made in each file that reads JSON,
  /// out of a tuple.
  json_token* heap_ = nullptr;
};

/// Checks that a text is one JSON value and returns the value without the white
/// space around it in `slice`.
scan_failure check_json(std::string_view text, std::string_view& slice);

} // namespace flamigo::detail
