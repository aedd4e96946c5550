#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flamigo::detail {

/// A path of which some segments are parameters: `/users/{id}/posts`. A
/// parameter stands for one whole segment that is not empty. A value.
class path_pattern {
public:
  /// Throws std::invalid_argument for text that is neither a path nor a
  /// pattern.
  explicit path_pattern(std::string text);

  /// As it was written.
  const std::string& text() const noexcept {
    return text_;
  }

  /// Of the parameters, in order.
  const std::vector<std::string>& names() const noexcept {
    return names_;
  }

  /// The same without the names, which two routes of one path may choose
  /// differently.
  const std::string& shape() const noexcept {
    return shape_;
  }

  /// Whether a path is one of these; then `values` has what stands in the place
  /// of its parameters, as it was sent.
  bool matches(std::string_view path,
               std::vector<std::string_view>& values) const;

  /// Whether there is a path that both match, and neither matches all that the
  /// other one does: which of them it is for could only be told by their order.
  bool is_ambiguous_with(const path_pattern& other) const noexcept;

private:
  std::string text_;
  std::string shape_;
  std::vector<std::string> names_;
  /// Empty for a parameter.
  std::vector<std::string> segments_;
};

} // namespace flamigo::detail
