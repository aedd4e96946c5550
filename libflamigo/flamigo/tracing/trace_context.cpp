#include "flamigo/tracing/trace_context.hpp"

#include <cstddef>

namespace flamigo {

namespace {

// The places of `00-<trace-id>-<parent-id>-<flags>`.
constexpr std::size_t trace_at = 3;
constexpr std::size_t span_at = 36;
constexpr std::size_t flags_at = 53;
constexpr std::size_t full_size = 55;

constexpr std::uint64_t sampled_flag = 1;

/// The number that these digits are; false if they are not all of lower case.
bool read_hex(std::string_view digits, std::uint64_t& out) noexcept {
  out = 0;
  for (auto c : digits) {
    auto digit = c >= '0' && c <= '9'   ? c - '0'
                 : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                        : -1;
    if (digit < 0)
      return false;
    out = out << 4 | static_cast<std::uint64_t>(digit);
  }
  return true;
}

void append_hex(std::string& out, std::uint64_t x) {
  for (int shift = 60; shift >= 0; shift -= 4)
    out += "0123456789abcdef"[x >> shift & 0xf];
}

} // namespace

std::optional<trace_context>
trace_context::parse(std::string_view text) noexcept {
  if (text.size() < full_size || text[trace_at - 1] != '-'
      || text[span_at - 1] != '-' || text[flags_at - 1] != '-')
    return std::nullopt;
  trace_context result;
  std::uint64_t version = 0;
  std::uint64_t flags = 0;
  if (!read_hex(text.substr(0, 2), version)
      || !read_hex(text.substr(trace_at, 16), result.trace.high)
      || !read_hex(text.substr(trace_at + 16, 16), result.trace.low)
      || !read_hex(text.substr(span_at, 16), result.span.value)
      || !read_hex(text.substr(flags_at, 2), flags))
    return std::nullopt;
  // A version to come may have more behind another dash.
  if (version == 0xff
      || (text.size() > full_size && (version == 0 || text[full_size] != '-'))
      || !result)
    return std::nullopt;
  result.sampled = (flags & sampled_flag) != 0;
  return result;
}

std::string to_string(const trace_id& x) {
  std::string result;
  append_hex(result, x.high);
  append_hex(result, x.low);
  return result;
}

std::string to_string(const span_id& x) {
  std::string result;
  append_hex(result, x.value);
  return result;
}

std::string to_string(const trace_context& x) {
  if (!x)
    return {};
  return "00-" + to_string(x.trace) + "-" + to_string(x.span)
         + (x.sampled ? "-01" : "-00");
}

} // namespace flamigo
