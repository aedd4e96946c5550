#include "flamigo/wire/wire_format.hpp"

#include "flamigo/wire/detail/own_format.hpp"

namespace flamigo {

wire_format::~wire_format() = default;

void wire_format::lift_bytes(std::string&, detail::bytes_finder) const {
  // nop
}

const wire_format& flamigo_format() noexcept {
  static const detail::own_format instance;
  return instance;
}

} // namespace flamigo
