#include "flamigo/http/detail/proxy_header.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "flamigo/http/detail/network.hpp"

namespace flamigo::detail {

namespace {

using net::ip::tcp;

// -- version 1 ----------------------------------------------------------------

constexpr std::string_view text_begin = "PROXY ";

/// With the end of the line.
constexpr std::size_t max_text = 107;

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t result = 0;
  auto end = text.data() + text.size();
  auto [stop, ec] = std::from_chars(text.data(), end, result);
  if (ec != std::errc{} || stop != end
      || (text.size() > 1 && text.front() == '0'))
    return std::nullopt;
  return result;
}

/// "TCP4 source destination port port", or TCP6.
std::optional<tcp::endpoint> source_of(std::string_view line) {
  std::array<std::string_view, 5> words;
  for (auto& word : words) {
    auto blank = line.find(' ');
    word = line.substr(0, blank);
    line.remove_prefix(blank == line.npos ? line.size() : blank + 1);
    if ((blank == line.npos) != (&word == &words.back()))
      return std::nullopt;
  }
  auto [family, source, destination, port, other_port] = words;
  auto from = parse_address(source);
  auto to = parse_address(destination);
  auto number = port_of(port);
  if ((family != "TCP4" && family != "TCP6") || !from || !to || !number
      || !port_of(other_port) || from->is_v6() != (family == "TCP6")
      || to->is_v6() != from->is_v6())
    return std::nullopt;
  return tcp::endpoint{*from, *number};
}

// -- version 2 ----------------------------------------------------------------

constexpr std::string_view bytes_begin{"\r\n\r\n\0\r\nQUIT\n", 12};

/// With what it says of the rest.
constexpr std::size_t fixed_size = 16;

/// The largest one that is read.
constexpr std::size_t addresses_size = 36;

unsigned octet_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

unsigned number_at(std::string_view text, std::size_t i) {
  return octet_at(text, i) << 8 | octet_at(text, i + 1);
}

template <class Address>
Address address_at(std::string_view text, std::size_t i) {
  typename Address::bytes_type bytes;
  for (auto& x : bytes)
    x = static_cast<unsigned char>(text[i++]);
  return Address{bytes};
}

} // namespace

std::size_t proxy_header::take(std::string_view bytes) {
  auto before = bytes.size();
  while (state_ == state::wants_more && !bytes.empty()) {
    auto next = bytes.substr(0, wanted());
    bytes.remove_prefix(next.size());
    if (rest_ > 0)
      rest_ -= next.size();
    auto room = fixed_size + addresses_size;
    if (text_.starts_with('P'))
      room = max_text;
    text_.append(next.substr(0, room - std::min(room, text_.size())));
    judge();
  }
  return before - bytes.size();
}

std::size_t proxy_header::wanted() const noexcept {
  // The first byte says of which version it is; a line may end with any.
  if (text_.empty() || text_.front() == text_begin.front())
    return 1;
  return rest_ > 0 ? rest_ : fixed_size - text_.size();
}

void proxy_header::judge() {
  if (text_.front() == text_begin.front())
    judge_text();
  else
    judge_bytes();
}

void proxy_header::judge_text() {
  auto known = std::min(text_.size(), text_begin.size());
  auto begins = text_.compare(0, known, text_begin, 0, known) == 0;
  if (!begins || !text_.ends_with("\r\n")) {
    if (!begins || text_.back() == '\n' || text_.size() == max_text)
      state_ = state::broken;
    return;
  }
  auto line = std::string_view{text_}.substr(text_begin.size());
  line.remove_suffix(2);
  auto is_unknown = line == "UNKNOWN" || line.starts_with("UNKNOWN ");
  if (!is_unknown)
    source_ = source_of(line);
  state_ = is_unknown || source_ ? state::whole : state::broken;
}

void proxy_header::judge_bytes() {
  auto known = std::min(text_.size(), bytes_begin.size());
  if (text_.compare(0, known, bytes_begin.data(), known) != 0) {
    state_ = state::broken;
    return;
  }
  if (text_.size() < fixed_size)
    return;
  if (text_.size() == fixed_size)
    rest_ = number_at(text_, 14);
  if (rest_ == 0)
    read_addresses();
}

void proxy_header::read_addresses() {
  constexpr unsigned local = 0x20;
  constexpr unsigned passed_on = 0x21;
  auto command = octet_at(text_, 12);
  auto family = octet_at(text_, 13);
  auto size = text_.size() - fixed_size;
  // Not said, or a socket of its own machine.
  auto is_elsewhere = family == 0x00 || family == 0x31;
  state_ = state::whole;
  if (command == local || (command == passed_on && is_elsewhere))
    return;
  if (command == passed_on && family == 0x11 && size >= 12)
    source_.emplace(address_at<net::ip::address_v4>(text_, 16),
                    static_cast<std::uint16_t>(number_at(text_, 24)));
  else if (command == passed_on && family == 0x21 && size >= 36)
    source_.emplace(address_at<net::ip::address_v6>(text_, 16),
                    static_cast<std::uint16_t>(number_at(text_, 48)));
  else
    state_ = state::broken;
}

} // namespace flamigo::detail
