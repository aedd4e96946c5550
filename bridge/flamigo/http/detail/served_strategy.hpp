#pragma once

#include <string>

#include "flamigo/context/context.hpp"
#include "flamigo/http/http.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

/// A strategy in the place of a handler.
struct served_strategy {
  std::string name;

  task<http_response> operator()(context ctx, http_request in) const;
};

} // namespace flamigo::detail
