#include "flamigo/http/http.hpp"

#include <algorithm>

#include <boost/beast/core/string.hpp>

namespace flamigo {

std::string_view http_request::header(std::string_view name) const noexcept {
  for (auto& [key, value] : headers)
    if (boost::beast::iequals(key, name))
      return value;
  return {};
}

std::string_view
http_request::path_parameter(std::string_view name) const noexcept {
  for (auto& [key, value] : path_parameters)
    if (key == name)
      return value;
  return {};
}

std::optional<std::string_view>
http_request::query_parameter(std::string_view name) const noexcept {
  for (auto& [key, value] : query_parameters)
    if (key == name)
      return value;
  return std::nullopt;
}

} // namespace flamigo
