#include "flamigo/http/detail/request_target.hpp"

#include <algorithm>

#include <boost/beast/core/string.hpp>

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
  if (auto skipped = scheme_size(target)) {
    target.remove_prefix(skipped);
    auto end = std::min(target.find_first_of("/?"), target.size());
    result.authority = target.substr(0, end);
    target.remove_prefix(end);
  }
  auto mark = target.find('?');
  result.path = target.substr(0, mark);
  if (mark != target.npos)
    result.query = target.substr(mark + 1);
  if (result.path.empty() && !result.authority.empty())
    result.path = "/";
  return result;
}

} // namespace flamigo::detail
