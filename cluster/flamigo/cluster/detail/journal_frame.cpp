#include "flamigo/cluster/detail/journal_frame.hpp"

#include "flamigo/json/json.hpp"

namespace flamigo::detail {

bool read_frame(std::string_view body, journal_frame& out) {
  return !from_json(body, out) && out.flamigo == journal_frame::current_version;
}

} // namespace flamigo::detail
