#include "flamigo/error/thrown_error.hpp"

#include <utility>

#include "flamigo/error/error.hpp"

namespace flamigo {

thrown_error::thrown_error(caf::error why)
  : error_(std::move(why)), text_(trace_of(error_)) {
}

const char* thrown_error::what() const noexcept {
  return text_.c_str();
}

} // namespace flamigo
