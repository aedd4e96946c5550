#pragma once

#include <optional>
#include <string_view>

#include "flamigo/http/http.hpp"

namespace flamigo::detail {

/// What a request is for, in its parts.
struct request_target {
  /// Of an absolute form, which comes through proxies; else empty.
  std::string_view authority;
  std::string_view path;
  /// What follows the `?`.
  std::string_view query;
};

/// Takes the target of a request apart (RFC 9112, 3.2): `/path?query` or
/// `http://authority/path?query`. Anything else is a path that nothing has.
request_target parse_target(std::string_view target) noexcept;

/// The value of the first parameter of that name in a query, not decoded; empty
/// if there is none.
std::string_view parameter_of(std::string_view query,
                              std::string_view name) noexcept;

/// All pairs of a query, decoded as those of a form; nothing where one of them
/// cannot be decoded. An empty one, as in `a=1&&b=2`, is none.
std::optional<http_parameters> parameters_of(std::string_view query);

} // namespace flamigo::detail
