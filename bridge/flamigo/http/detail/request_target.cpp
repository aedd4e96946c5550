#include "flamigo/http/detail/request_target.hpp"

#include <algorithm>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/percent.hpp"

namespace flamigo::detail {

namespace {

/// Of "http://" or "https://"; 0 for a target that begins with neither.
std::size_t scheme_size(std::string_view target) noexcept {
  for (std::string_view scheme : {"http://", "https://"})
    if (boost::beast::iequals(target.substr(0, scheme.size()), scheme))
      return scheme.size();
  return 0;
}

} // namespace

request_target parse_target(std::string_view target) noexcept {
  request_target result;
  auto skipped = scheme_size(target);
  auto rest = target.substr(skipped);
  auto end = std::min(rest.find_first_of("/?"), rest.size());
  // A name that is empty is none (RFC 9110, 4.2.1).
  if (skipped > 0 && end > 0) {
    result.authority = rest.substr(0, end);
    target = rest.substr(end);
  }
  auto mark = target.find('?');
  result.path = target.substr(0, mark);
  if (mark != target.npos)
    result.query = target.substr(mark + 1);
  if (result.path.empty() && !result.authority.empty())
    result.path = "/";
  return result;
}

std::string_view parameter_of(std::string_view query,
                              std::string_view name) noexcept {
  while (!query.empty()) {
    auto end = std::min(query.find('&'), query.size());
    auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    auto equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) == name)
      return pair.substr(std::min(equals + 1, pair.size()));
  }
  return {};
}

std::optional<http_parameters> parameters_of(std::string_view query) {
  http_parameters result;
  while (!query.empty()) {
    auto end = std::min(query.find('&'), query.size());
    auto pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty())
      continue;
    auto equals = std::min(pair.find('='), pair.size());
    auto name = decode_percent(pair.substr(0, equals), plus::is_space);
    auto value = decode_percent(pair.substr(std::min(equals + 1, pair.size())),
                                plus::is_space);
    if (!name || !value)
      return std::nullopt;
    result.emplace_back(std::move(*name), std::move(*value));
  }
  return result;
}

} // namespace flamigo::detail
