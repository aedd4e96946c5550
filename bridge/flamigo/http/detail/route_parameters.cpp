#include "flamigo/http/detail/route_parameters.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/percent.hpp"
#include "flamigo/http/detail/request_target.hpp"
#include "flamigo/strategy/strategy.hpp"

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

std::string missing_member(const http_route& route, const strategy& what) {
  auto& finders = what.info().kinds_in;
  for (auto& name : route.names) {
    // One without a finder takes what comes.
    auto takes = [&name](kind_finder find) {
      return find == nullptr || find(name).each != text_kind::other;
    };
    if (!finders.empty() && std::none_of(finders.begin(), finders.end(), takes))
      return "has no member \"" + name
             + "\" in its input that the path could fill: a text, a number, "
               "a bool or a list of such";
  }
  return {};
}

} // namespace flamigo::detail
