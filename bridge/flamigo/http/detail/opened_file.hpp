#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/beast/core/file.hpp>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// A file or a directory that was opened, and what there is to know of it.
struct opened_file {
  beast::file handle;
  bool is_directory = false;
  /// In bytes.
  std::uint64_t size = 0;
  /// Since 1970, in nanoseconds.
  std::int64_t changed = 0;
  /// Tells files apart that are alike else.
  std::uint64_t number = 0;
};

/// Opens what has this name, if it is a file or a directory and lies below
/// `root`, wherever links lead; `root` is a canonical path. Never waits for
/// anybody, as a pipe would have it.
std::optional<opened_file> open_below(const std::string& root,
                                      const std::string& name);

} // namespace flamigo::detail
