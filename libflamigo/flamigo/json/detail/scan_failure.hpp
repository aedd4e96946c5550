#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <caf/error.hpp>

namespace flamigo::detail {

/// Why a text is not JSON.
enum class scan_code : std::uint8_t {
  none,
  empty,
  trailing_text,
  no_value,
  no_name,
  no_colon,
  open_object,
  open_array,
  open_string,
  bad_hex,
  lone_surrogate,
  bad_escape,
  control_character,
  invalid_utf8,
  large_number,
  no_fraction,
  no_exponent,
  too_deep,
  too_long,
};

struct scan_failure {
  scan_code code = scan_code::none;
  std::size_t offset = 0;

  explicit operator bool() const noexcept {
    return code != scan_code::none;
  }
};

/// Says what is wrong and where: `a colon is missing at byte 9`.
std::string to_string(const scan_failure& failure);

/// A malformed `subject`, e.g. "the message": `the message is not JSON: a colon
/// is missing at byte 9`.
caf::error to_error(const scan_failure& failure, const char* subject);

} // namespace flamigo::detail
