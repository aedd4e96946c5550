#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/http/detail/http_task_handler.hpp"
#include "flamigo/http/http.hpp"
#include "flamigo/http/http_route_options.hpp"

namespace flamigo::detail {

class call_limits;

/// What is mounted for one method of one path: one of both handlers.
struct http_route {
  http_handler plain;
  std::shared_ptr<const http_task_handler> task;
  http_route_options options = {};
  /// Of the path's parameters.
  std::vector<std::string> names = {};
  /// The strategy that it serves; empty for handlers.
  std::string strategy = {};
  /// That one's number, by which metrics count it; 0 for handlers.
  std::size_t number = 0;
  /// As it was mounted, with the names of its parameters.
  std::string path = {};
  /// Who may, as its options or the strategy say.
  validator guard = {};
  /// How often, as its options and the strategy say; not owned.
  std::vector<call_limits*> limits = {};
  /// Those of its options.
  std::shared_ptr<call_limits> own_limits = nullptr;
};

/// One that was found for a request.
struct found_route {
  /// Null if there is none.
  const http_route* what = nullptr;
  /// Those of the parameters, as they were sent: parts of the path.
  std::vector<std::string_view> values = {};
};

} // namespace flamigo::detail
