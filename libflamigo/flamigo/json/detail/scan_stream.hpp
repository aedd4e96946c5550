#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

#include "flamigo/json/detail/number_run.hpp"
#include "flamigo/json/detail/text_run.hpp"

namespace flamigo::detail {

/// What RapidJSON's reader reads from: a text that need not end with NUL. It
/// poses as an in-situ stream, one that strings are unescaped into, but only
/// takes note of an escape: so the reader copies nothing and writes nothing.
struct scan_stream {
  using Ch = char;

  explicit scan_stream(std::string_view text) noexcept
    : begin(text.data()), pos(begin), end(begin + text.size()) {
    // nop
  }

  // -- the reader's stream concept --------------------------------------------

  char Peek() const noexcept {
    return pos != end ? *pos : '\0';
  }

  char Take() noexcept {
    return *pos++;
  }

  std::size_t Tell() const noexcept {
    return offset_of(pos);
  }

  char* PutBegin() noexcept {
    escaped = false;
    // Not written to: see Put.
    return const_cast<char*>(pos);
  }

  void Put(char c) noexcept {
    // The reader ends a string with NUL; all else is an escape.
    if (c != '\0')
      escaped = true;
  }

  std::size_t PutEnd(char* from) const noexcept {
    return static_cast<std::size_t>(pos - from);
  }

  void Flush() noexcept {
    // nop
  }

  // -- what we learn ----------------------------------------------------------

  std::size_t offset_of(const char* where) const noexcept {
    return static_cast<std::size_t>(where - begin);
  }

  /// Ends the text here, behind \uXXXX, which stops the reader.
  void refuse_surrogate() noexcept {
    lone_surrogate = pos - 6;
    pos = end;
  }

  const char* begin;
  const char* pos;
  const char* end;
  /// Whether the current string has an escape.
  bool escaped = false;
  /// The first escape of a low surrogate without a high one, if there is one.
  const char* lone_surrogate = nullptr;
};

/// The same for a text with numbers that no double holds. The reader asks where
/// a number begins, reads it, and asks where it ends; meanwhile it reckons what
/// nobody wants to know, and refuses what is too large. So it gets to see the
/// last digit only, where that ends a whole number.
struct large_number_stream : scan_stream {
  using scan_stream::scan_stream;

  // Also called before a run of characters in a string, all of which are plain.
  std::size_t Tell() noexcept {
    auto here = offset_of(pos);
    if (pos != behind_number) {
      behind_number = skip_number(pos, end);
      if (behind_number != pos && !is_number_part(behind_number, end))
        pos = behind_number - 1;
    }
    return here;
  }

  /// Where the number ends that was looked at last.
  const char* behind_number = nullptr;
};

/// UTF-8 as the reader sees it: checks a run of characters at a time, where the
/// reader's own encoding takes them one by one.
struct scan_encoding {
  using Ch = char;

  enum {
    supportUnicode = 1
  };

  /// Passes everything up to a quote, a backslash or a control character.
  static bool Validate(scan_stream& in, scan_stream&) noexcept {
    for (;;) {
      in.pos = skip_plain(in.pos, in.end);
      if (in.pos == in.end || static_cast<signed char>(*in.pos) >= 0)
        return true;
      auto length = utf8_length(in.pos, in.end);
      if (length == 0)
        return false;
      in.pos += length;
    }
  }

  /// Called for \u escapes. The reader has checked that a high surrogate is
  /// followed by a low one, but lets a low one through that stands alone.
  static void Encode(scan_stream& out, unsigned codepoint) noexcept {
    out.escaped = true;
    if (codepoint >= 0xDC00 && codepoint <= 0xDFFF)
      out.refuse_surrogate();
  }

  // The modes that copy are compiled with the rest, but never run.

  template <class In, class Out>
    requires(!std::derived_from<Out, scan_stream>)
  static bool Validate(In&, Out&) noexcept {
    return false;
  }

  template <class Out>
    requires(!std::derived_from<Out, scan_stream>)
  static void Encode(Out&, unsigned) noexcept {
    // nop
  }
};

} // namespace flamigo::detail
