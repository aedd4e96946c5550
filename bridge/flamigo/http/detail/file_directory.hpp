#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "flamigo/http/detail/byte_range.hpp"
#include "flamigo/http/detail/opened_file.hpp"
#include "flamigo/http/detail/parsed_request.hpp"
#include "flamigo/http/http.hpp"
#include "flamigo/http/http_file_options.hpp"

namespace flamigo::detail {

/// What answers a request for a file.
struct file_answer {
  /// But for its body and its length.
  http_response head;
  opened_file from = {};
  /// What is sent of it.
  byte_range part = {};
  /// Whether a body goes with it: neither 304 nor a redirect has one of ours.
  bool has_body = true;
};

/// The files of a directory, mounted under a path. Nothing is kept of them: a
/// file that changes is served as it is now. Immutable, and used by every
/// thread.
class file_directory {
public:
  /// `prefix` begins with a slash. Throws std::invalid_argument, with a
  /// sentence, if there is no such directory.
  file_directory(std::string prefix, const std::filesystem::path& directory,
                 http_file_options options);

  /// Without a slash at its end; empty for `/`.
  const std::string& prefix() const noexcept {
    return prefix_;
  }

  /// Whether a path lies below it.
  bool covers(std::string_view path) const noexcept;

  /// What answers a GET or HEAD of this path, which it covers; nothing if there
  /// is no such file.
  std::optional<file_answer> find(const parsed_request& req,
                                  std::string_view path) const;

private:
  /// The name below the directory that a path stands for: empty for the
  /// directory itself. Nothing for what leads elsewhere, or is hidden.
  std::optional<std::string> name_of(std::string_view path) const;

  /// What browsers get in the place of a page that is not there.
  std::optional<file_answer> fallback(const parsed_request& req,
                                      std::string_view name) const;

  file_answer answer(const parsed_request& req, const std::string& name,
                     opened_file what) const;

  std::string prefix_;
  std::string root_;
  http_file_options options_;
};

} // namespace flamigo::detail
