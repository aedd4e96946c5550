#include "flamigo/json/detail/append_text.hpp"

#include <cstddef>

#include "flamigo/json/detail/text_run.hpp"

namespace flamigo::detail {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

void append_escape(std::string& out, char c) {
  constexpr char digits[] = "0123456789abcdef";
  auto put = [&out](char x) {
    out.push_back('\\');
    out.push_back(x);
  };
  switch (c) {
    case '"':
    case '\\':
      return put(c);
    case '\b':
      return put('b');
    case '\f':
      return put('f');
    case '\n':
      return put('n');
    case '\r':
      return put('r');
    case '\t':
      return put('t');
    default:
      out.append("\\u00");
      out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
      out.push_back(digits[static_cast<unsigned char>(c) & 0x0Fu]);
  }
}

// Appends [from, pos) and U+FFFD.
void append_replaced(std::string& out, const char* from, const char* pos) {
  out.append(from, pos);
  out.append(replacement);
}

} // namespace

void append_string(std::string& out, std::string_view text) {
  auto from = text.data();
  auto end = from + text.size();
  auto pos = skip_plain(from, end);
  if (pos == end) [[likely]] {
    out.push_back('"');
    out.append(text);
    out.push_back('"');
    return;
  }
  out.push_back('"');
  while (pos != end) {
    if (static_cast<signed char>(*pos) >= 0) {
      out.append(from, pos);
      append_escape(out, *pos++);
      from = pos;
    } else if (auto length = utf8_length(pos, end)) {
      pos += length;
    } else {
      append_replaced(out, from, pos++);
      from = pos;
    }
    pos = skip_plain(pos, end);
  }
  out.append(from, end);
  out.push_back('"');
}

void append_raw(std::string& out, std::string_view json) {
  if (json.empty()) {
    out.append("null");
    return;
  }
  auto from = json.data();
  auto end = from + json.size();
  for (auto pos = skip_ascii(from, end); pos != end;
       pos = skip_ascii(pos, end)) {
    if (auto length = utf8_length(pos, end)) {
      pos += length;
    } else {
      append_replaced(out, from, pos++);
      from = pos;
    }
  }
  out.append(from, end);
}

} // namespace flamigo::detail
