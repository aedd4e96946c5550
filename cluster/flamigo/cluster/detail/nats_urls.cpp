#include "flamigo/cluster/detail/nats_urls.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace flamigo::detail {

namespace {

std::vector<std::string> split(const std::string& urls) {
  std::vector<std::string> result(1);
  for (auto c : urls) {
    if (c == ',')
      result.emplace_back();
    else if (c != ' ' || !result.back().empty())
      result.back() += c;
  }
  for (auto& url : result)
    url.erase(url.find_last_not_of(' ') + 1);
  return result;
}

std::string shown(const std::string& url) {
  auto at = url.rfind('@');
  if (at == url.npos)
    return url;
  auto begin = url.find("://");
  auto scheme = begin < at ? url.substr(0, begin + 3) : std::string{};
  return scheme + url.substr(at + 1);
}

bool is_port(std::string_view text) {
  std::uint16_t number = 0;
  auto end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end && number != 0;
}

bool is_host(std::string_view text) {
  auto is_sign = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_sign);
}

/// As it stands in brackets.
bool is_ipv6(std::string_view text) {
  auto is_sign = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')
           || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
  };
  return text.find(':') != text.npos
         && std::all_of(text.begin(), text.end(), is_sign);
}

/// What is wrong with one of them; nothing if it will do.
std::string fault_of(std::string_view url) {
  if (url.empty())
    return "has a server without a name: take out the comma";
  if (auto i = url.find("://"); i != url.npos) {
    auto scheme = url.substr(0, i);
    if (scheme != "nats" && scheme != "tls")
      return "begins with " + std::string{scheme}
             + "://: it takes nats:// or tls://";
    url.remove_prefix(i + 3);
  }
  if (auto i = url.rfind('@'); i != url.npos) {
    if (i == 0)
      return "has nobody in front of @: it takes a token, or user:password";
    url.remove_prefix(i + 1);
  }
  std::string_view host = url;
  std::string_view rest;
  auto is_good = false;
  if (url.starts_with('[')) {
    auto end = std::min(url.find(']'), url.size());
    host = url.substr(1, end - 1);
    rest = url.substr(std::min(end + 1, url.size()));
    is_good = end < url.size() && is_ipv6(host);
  } else {
    auto end = std::min(url.find(':'), url.size());
    host = url.substr(0, end);
    rest = url.substr(end);
    is_good = is_host(host);
  }
  if (!is_good)
    return "has no host where one has to be: it takes nats://host:4222";
  if (!rest.empty() && (rest.front() != ':' || !is_port(rest.substr(1))))
    return "has no port behind its host: it takes a number from 1 to 65535";
  return {};
}

} // namespace

std::vector<std::string> read_nats_urls(const std::string& urls) {
  auto result = split(urls);
  for (auto& url : result)
    if (auto fault = fault_of(url); !fault.empty())
      throw std::invalid_argument{"--nats-url \"" + shown(url) + "\" " + fault};
  return result;
}

std::string shown_nats_urls(const std::string& urls) {
  std::string result;
  for (auto& url : split(urls))
    result += (result.empty() ? "" : ",") + shown(url);
  return result;
}

} // namespace flamigo::detail
