#include "flamigo/http/detail/network.hpp"

#include <algorithm>
#include <charconv>

namespace flamigo::detail {

namespace {

constexpr std::size_t v4_bits = 32;

constexpr std::size_t v6_bits = 128;

} // namespace

std::optional<network> network::parse(std::string_view text) {
  auto slash = text.find('/');
  auto where = parse_address(text.substr(0, slash));
  if (!where)
    return std::nullopt;
  auto most = where->is_v4() ? v4_bits : v6_bits;
  auto length = most;
  if (slash != text.npos) {
    auto digits = text.substr(slash + 1);
    auto end = digits.data() + digits.size();
    auto [stop, ec] = std::from_chars(digits.data(), end, length);
    if (ec != std::errc{} || stop != end || length > most)
      return std::nullopt;
  }
  auto first = bytes_of(*where);
  length += v6_bits - most;
  for (auto bit = length; bit < v6_bits; ++bit)
    if ((first[bit / 8] & (0x80 >> bit % 8)) != 0)
      return std::nullopt;
  return network{first, length};
}

bool network::contains(const net::ip::address& which) const noexcept {
  return agree(first_, bytes_of(which), length_);
}

network::bytes network::bytes_of(const net::ip::address& which) noexcept {
  if (which.is_v6())
    return which.to_v6().to_bytes();
  bytes result{};
  result[10] = result[11] = 0xFF;
  auto last = which.to_v4().to_bytes();
  std::copy(last.begin(), last.end(), result.begin() + 12);
  return result;
}

bool network::agree(const bytes& x, const bytes& y, std::size_t bits) noexcept {
  auto whole = bits / 8;
  if (!std::equal(x.begin(), x.begin() + whole, y.begin()))
    return false;
  auto rest = bits % 8;
  return rest == 0 || ((x[whole] ^ y[whole]) >> (8 - rest)) == 0;
}

bool is_network(std::string_view text) {
  return network::parse(text).has_value();
}

std::vector<network> parse_networks(const std::vector<std::string>& texts) {
  std::vector<network> result;
  result.reserve(texts.size());
  for (auto& text : texts)
    result.push_back(network::parse(text).value());
  return result;
}

bool contains(const std::vector<network>& networks,
              const net::ip::address& which) noexcept {
  return std::any_of(networks.begin(), networks.end(),
                     [&](auto& x) { return x.contains(which); });
}

std::optional<net::ip::address> parse_address(std::string_view text) {
  // The name of an interface would be looked up.
  constexpr std::size_t longest = 45;
  if (text.size() > longest || text.find('%') != text.npos)
    return std::nullopt;
  error_code ec;
  auto result = net::ip::make_address(std::string{text}, ec);
  if (ec || text.find('\0') != text.npos)
    return std::nullopt;
  return result;
}

} // namespace flamigo::detail
