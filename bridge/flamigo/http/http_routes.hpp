#pragma once

#include <map>
#include <string>
#include <string_view>

#include "flamigo/http/http.hpp"

namespace flamigo {

/// What the port serves over plain HTTP: exact paths. Fill it before serving;
/// it is only read afterwards.
class http_routes {
public:
  /// Serves a fixed response for GET and HEAD.
  void get(std::string path, http_response fixed);

  /// Serves what the handler makes of each request. `GET` answers HEAD as well.
  /// Throws std::invalid_argument for a method that is no token (RFC
  /// 9110, 9.1), a path that does not begin with a slash, or both if they are
  /// taken.
  void handle(std::string method, std::string path, http_handler handler);

  /// The handler for a method of a path, or null.
  const http_handler* find(std::string_view method,
                           std::string_view path) const noexcept;

  /// The methods of a path as an `Allow` header has them; empty when the path
  /// is unknown.
  std::string allowed(std::string_view path) const;

private:
  using by_method = std::map<std::string, http_handler, std::less<>>;

  std::map<std::string, by_method, std::less<>> by_path_;
};

} // namespace flamigo
