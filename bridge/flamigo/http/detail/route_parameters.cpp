#include "flamigo/http/detail/route_parameters.hpp"

#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/percent.hpp"
#include "flamigo/http/detail/request_target.hpp"

namespace flamigo::detail {

caf::error decode_parameters(http_request& request, const found_route& where) {
  for (std::size_t i = 0; i < where.values.size(); ++i) {
    auto value = decode_percent(where.values[i], plus::is_itself);
    if (!value)
      return make_error(errc::malformed, "the path is wrongly encoded (%)");
    request.path_parameters.emplace_back(where.what->names[i],
                                         std::move(*value));
  }
  auto query = parameters_of(request.query);
  if (!query)
    return make_error(errc::malformed, "the query is wrongly encoded (%)");
  request.query_parameters = std::move(*query);
  return {};
}

} // namespace flamigo::detail
