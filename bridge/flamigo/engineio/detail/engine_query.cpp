#include "flamigo/engineio/detail/engine_query.hpp"

#include <algorithm>

#include "flamigo/http/detail/request_target.hpp"

namespace flamigo::detail {

engine_query query_of(const parsed_request& req) {
  engine_query result;
  auto rest = parse_target(req.target()).query;
  auto take = [](std::string_view& to, std::string_view value) {
    if (to.empty())
      to = value;
  };
  while (!rest.empty()) {
    auto end = std::min(rest.find('&'), rest.size());
    auto pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    auto equals = std::min(pair.find('='), pair.size());
    auto name = pair.substr(0, equals);
    auto value = pair.substr(std::min(equals + 1, pair.size()));
    if (name == "EIO")
      take(result.version, value);
    else if (name == "transport")
      take(result.transport, value);
    else if (name == "sid")
      take(result.sid, value);
  }
  return result;
}

} // namespace flamigo::detail
