#include "flamigo/sse/detail/event_id.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "flamigo/io/detail/utf8.hpp"

namespace flamigo::detail {

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_plain(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9')
         || std::string_view{"/-_.~:@"}.find(c) != std::string_view::npos;
}

void append_encoded(std::string& out, std::string_view text) {
  for (auto c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (is_plain(c))
      out.push_back(c);
    else
      out.append(1, '%')
        .append(1, hex_digits[byte >> 4])
        .append(1, hex_digits[byte & 15]);
  }
}

std::optional<std::string> decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_plain(text[i])) {
      result.push_back(text[i]);
      continue;
    }
    if (text[i] != '%' || text.size() - i < 3)
      return std::nullopt;
    auto high = hex_digits.find(text[i + 1]);
    auto low = hex_digits.find(text[i + 2]);
    if (high == hex_digits.npos || low == hex_digits.npos)
      return std::nullopt;
    result.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  return result;
}

bool is_epoch(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 16
         && text.find_first_not_of("0123456789abcdef") == text.npos;
}

std::optional<channel_position> read_position(std::string_view text) {
  auto equals = std::min(text.find('='), text.size());
  auto dot = std::min(text.find('.', equals), text.size());
  auto topic = decoded(text.substr(0, equals));
  auto epoch = text.substr(std::min(equals + 1, dot), dot - equals - 1);
  auto offset = text.substr(std::min(dot + 1, text.size()));
  channel_position result;
  auto [end, ec] = std::from_chars(offset.data(), offset.data() + offset.size(),
                                   result.offset);
  if (!topic || topic->empty() || !is_utf8(*topic) || !is_epoch(epoch)
      || ec != std::errc{} || end != offset.data() + offset.size())
    return std::nullopt;
  result.topic = std::move(*topic);
  result.epoch = epoch;
  return result;
}

} // namespace

std::string to_event_id(const std::vector<channel_position>& what) {
  std::string result;
  for (auto& x : what) {
    if (!result.empty())
      result.push_back('&');
    append_encoded(result, x.topic);
    result.append("=").append(x.epoch).append(".").append(
      std::to_string(x.offset));
    if (result.size() > max_event_id)
      return {};
  }
  return result;
}

std::vector<channel_position> from_event_id(std::string_view text) {
  std::vector<channel_position> result;
  if (text.size() > max_event_id)
    return result;
  while (!text.empty()) {
    auto end = std::min(text.find('&'), text.size());
    auto next = read_position(text.substr(0, end));
    if (!next)
      return {};
    result.push_back(std::move(*next));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

} // namespace flamigo::detail
