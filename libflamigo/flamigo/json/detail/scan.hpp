#pragma once

// For source files only. A copy of RapidJSON in a namespace of our own: its
// macros change what its inline functions do, and a program that uses
// RapidJSON with other settings must not be mixed up with ours.
#define RAPIDJSON_NAMESPACE flamigo::detail::rapidjson
#define RAPIDJSON_NAMESPACE_BEGIN                                              \
  namespace flamigo::detail {                                                  \
  namespace rapidjson {
#define RAPIDJSON_NAMESPACE_END                                                \
  }                                                                            \
  }

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <rapidjson/reader.h>

#include "flamigo/json/detail/scan_failure.hpp"
#include "flamigo/json/detail/scan_stream.hpp"
#include "flamigo/json/detail/token.hpp"

namespace flamigo::detail {

/// Translates what the reader says about `text`.
scan_failure make_scan_failure(std::string_view text,
                               rapidjson::ParseErrorCode code,
                               std::size_t offset) noexcept;

/// Turns the reader's events into slices of the text. `Handler` is a consumer:
///   void name(std::string_view raw, bool escaped);
///   void scalar(json_kind, std::string_view slice, bool escaped);
///   void open(json_kind, const char* begin);
///   void close(const char* end, std::size_t count);
///   void restart();  // forget all of it
/// A slice is the value as it was sent; a string's has its quotes.
template <class Consumer>
class scan_handler {
public:
  scan_handler(const scan_stream& in, Consumer& out) : in_(in), out_(out) {
    // nop
  }

  bool Null() {
    return word(json_kind::null, 4);
  }

  bool Bool(bool value) {
    return value ? word(json_kind::yes, 4) : word(json_kind::no, 5);
  }

  bool RawNumber(const char*, unsigned size, bool) {
    return word(json_kind::number, size);
  }

  bool String(const char* text, unsigned size, bool) {
    out_.scalar(json_kind::string, {text - 1, size + std::size_t{2}},
                in_.escaped);
    return true;
  }

  bool Key(const char* text, unsigned size, bool) {
    out_.name({text, size}, in_.escaped);
    return true;
  }

  bool StartObject() {
    return open(json_kind::object);
  }

  bool EndObject(unsigned count) {
    return close(count);
  }

  bool StartArray() {
    return open(json_kind::array);
  }

  bool EndArray(unsigned count) {
    return close(count);
  }

  // Not called: numbers stay text.
  bool Int(int) {
    return false;
  }
  bool Uint(unsigned) {
    return false;
  }
  bool Int64(int64_t) {
    return false;
  }
  bool Uint64(uint64_t) {
    return false;
  }
  bool Double(double) {
    return false;
  }

private:
  // The reader has just taken the value.
  bool word(json_kind kind, std::size_t size) {
    out_.scalar(kind, {in_.pos - size, size}, false);
    return true;
  }

  bool open(json_kind kind) {
    if (++depth_ > max_json_depth)
      return false;
    out_.open(kind, in_.pos - 1);
    return true;
  }

  bool close(unsigned count) {
    --depth_;
    out_.close(in_.pos, count);
    return true;
  }

  const scan_stream& in_;
  Consumer& out_;
  std::size_t depth_ = 0;
};

/// Reads a text by one of the streams.
template <class Stream, class Consumer>
scan_failure scan_by(std::string_view text, Consumer& out) {
  using namespace rapidjson;
  Stream in{text};
  scan_handler<Consumer> handler{in, out};
  GenericReader<scan_encoding, scan_encoding> reader;
  constexpr unsigned flags = kParseInsituFlag | kParseNumbersAsStringsFlag
                             | kParseValidateEncodingFlag;
  auto result = reader.template Parse<flags>(in, handler);
  if (in.lone_surrogate != nullptr)
    return {scan_code::lone_surrogate, in.offset_of(in.lone_surrogate)};
  if (result.IsError())
    return make_scan_failure(text, result.Code(), result.Offset());
  // The reader takes a NUL byte for the end.
  if (in.pos != in.end)
    return {scan_code::trailing_text, in.Tell()};
  return {};
}

/// Reads one JSON value with nothing but white space around it, in one pass
/// and without copying; where there is a number that no double holds, in two.
/// The reader calls itself for each level, which the depth limit bounds: faster
/// than its iterative mode, and without a heap.
template <class Consumer>
scan_failure scan(std::string_view text, Consumer& out) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max())
    return {scan_code::too_long, 0};
  auto result = scan_by<scan_stream>(text, out);
  if (result.code != scan_code::large_number) [[likely]]
    return result;
  out.restart();
  return scan_by<large_number_stream>(text, out);
}

} // namespace flamigo::detail
