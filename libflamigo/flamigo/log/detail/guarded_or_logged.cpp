#include "flamigo/log/detail/guarded_or_logged.hpp"

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

void log_caught(const std::string& where) {
  log::error(where + ": " + text_of_caught());
}

} // namespace flamigo::detail
