#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace flamigo::tool {

/// A version of a tool or a library.
struct version {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned patch = 0;

  auto operator<=>(const version&) const = default;
};

/// E.g. `3.25.1`.
std::string to_string(const version& x);

/// The first version in a text, such as the output of `cmake --version`; what
/// it leaves out is 0.
std::optional<version> find_version(std::string_view text);

/// One that a header has as a number: 108100 is Boost 1.81.0, where a `unit` of
/// 100000 is the major version; two digits are the patch.
version unpack_version(unsigned number, unsigned unit) noexcept;

} // namespace flamigo::tool
