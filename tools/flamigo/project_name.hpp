#pragma once

#include <string>

namespace flamigo::tool {

/// What a project, its folder and its program are called, e.g. `my-chat`.
class project_name {
public:
  /// Throws `failure` for a text that cannot be such a name.
  explicit project_name(std::string text);

  const std::string& text() const noexcept {
    return text_;
  }

private:
  std::string text_;
};

} // namespace flamigo::tool
