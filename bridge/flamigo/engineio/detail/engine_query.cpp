#include "flamigo/engineio/detail/engine_query.hpp"

#include "flamigo/http/detail/request_target.hpp"

namespace flamigo::detail {

engine_query query_of(const parsed_request& req) {
  auto query = parse_target(req.target()).query;
  return {parameter_of(query, "EIO"), parameter_of(query, "transport"),
          parameter_of(query, "sid")};
}

} // namespace flamigo::detail
