#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "features.hpp"

namespace flamigo::tool {

/// A file of `templates/`, which the build has put into the program.
struct template_file {
  /// Below `templates/`, without the `.in`, e.g.
  /// `domain/domains/@domain@/app/state.hpp`.
  std::string_view path;
  std::string_view text;
};

/// All of them, sorted by path.
std::span<const template_file> template_files() noexcept;

/// What a template is filled in with.
struct template_values {
  /// The text that takes the place of `@key@`.
  std::map<std::string, std::string, std::less<>> texts;
  features with;
  /// Whether the domain that is filled in has a store.
  bool store = false;
};

/// Fills in a template:
/// - `@key@` becomes the text of that key;
/// - the lines from one that reads `@if auth` to its `@end` are there only with
///   that feature, or without it after `@if not auth` or `@else`; `@if store`
///   asks whether the domain has one. Such a line is a comment of the file's
///   language, and does not become part of the result.
///
/// Throws std::logic_error for a key or a directive that is none: templates are
/// ours.
std::string fill_in(std::string_view text, const template_values& values);

} // namespace flamigo::tool
