#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/json/detail/tape.hpp"
#include "flamigo/json/detail/token.hpp"

namespace flamigo::detail {

/// Picks the members of a request out of what `scan` reports, and keeps the
/// tokens of its payload, so that whoever binds it need not read it again.
class frame_reader {
public:
  /// What was found under a name.
  struct member {
    std::string_view slice;
    json_kind kind = json_kind::null;
    bool escaped = false;
    bool found = false;
    /// Whether its name stands there once more.
    bool twice = false;
  };

  /// `payload_tape` must be new.
  explicit frame_reader(json_tape& payload_tape) noexcept
    : tape_(&payload_tape) {
    // nop
  }

  // -- results ----------------------------------------------------------------

  const member& topic() const noexcept {
    return topic_;
  }

  const member& payload() const noexcept {
    return payload_;
  }

  const member& ack_id() const noexcept {
    return ack_id_;
  }

  /// The payload's tokens; null if it has none, or more than need no heap.
  const json_token* payload_tokens() const noexcept {
    return taped_ ? &tape_->root() : nullptr;
  }

  /// Whether the frame is an object.
  bool is_object() const noexcept {
    return object_;
  }

  /// Whether there is a member of this name, which is none of the above. Call
  /// it when the whole frame has been read.
  bool has_other(std::string_view name) const;

  /// Whether there is any.
  bool has_others() const noexcept {
    return !others_.empty();
  }

  /// The inside of the text that stands under this name, which is none of the
  /// above; empty if there is none, or one with escapes. Call it when the whole
  /// frame has been read and is one.
  std::string_view text_of_other(std::string_view name) const noexcept;

  /// Returns the name of a member that stands twice, if there is one.
  /// Call it once, when the whole frame has been read.
  bool find_twice(std::string& name);

  // -- called while reading ---------------------------------------------------

  void restart() {
    auto& tape = *tape_;
    tape.restart();
    *this = frame_reader{tape};
  }

  void name(std::string_view raw, bool escaped) {
    if (taping())
      tape_->name(raw, escaped);
    if (depth_ != 1)
      return;
    if (escaped) [[unlikely]]
      select_escaped(raw);
    else
      select(raw, {raw, false});
  }

  void scalar(json_kind kind, std::string_view slice, bool escaped) {
    if (taping())
      tape_->scalar(kind, slice, escaped);
    if (depth_ == 1 && current_ != nullptr)
      store(kind, slice, escaped);
  }

  void open(json_kind kind, const char* begin) {
    if (taping())
      tape_->open(kind, begin);
    if (depth_ == 1) {
      begin_ = begin;
      kind_ = kind;
    } else if (depth_ == 0) {
      object_ = kind == json_kind::object;
    }
    ++depth_;
  }

  void close(const char* end, std::size_t count) {
    if (taping_)
      tape_->close(end, count);
    if (--depth_ == 1 && current_ != nullptr)
      store(kind_, {begin_, static_cast<std::size_t>(end - begin_)}, false);
  }

private:
  struct other_name {
    std::string_view text;
    bool escaped;
  };

  /// Chooses the member that the next value is stored in. Names that are not
  /// known are kept as `other`.
  void select(std::string_view name, other_name other);

  void select_escaped(std::string_view raw);

  void store(json_kind kind, std::string_view slice, bool escaped) {
    if (!current_->found)
      *current_ = {slice, kind, escaped, true, false};
    current_ = nullptr;
    taping_ = false;
  }

  /// Whether what comes is a part of the payload and goes onto the tape.
  bool taping() noexcept {
    if (taping_ && tape_->full()) [[unlikely]]
      taping_ = taped_ = false;
    return taping_;
  }

  bool find_twice_among_others(std::string& name);

  member topic_;
  member payload_;
  member ack_id_;
  member* current_ = nullptr;
  const char* begin_ = nullptr;
  unsigned depth_ = 0;
  json_kind kind_ = json_kind::null;
  bool object_ = false;
  bool taping_ = false;
  bool taped_ = false;
  json_tape* tape_;
  std::vector<other_name> others_;
};

} // namespace flamigo::detail
