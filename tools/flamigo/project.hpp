#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "features.hpp"
#include "project_name.hpp"

namespace flamigo::tool {

/// A project that `flamigo init` has made: the directory with a `flamigo.conf`.
class project {
public:
  static constexpr auto marker = "flamigo.conf";

  /// The folder of the project that a directory is in, if it is in one.
  static std::optional<std::filesystem::path>
  root_of(const std::filesystem::path& start);

  /// Looks in a directory and those above it. Throws `failure` when there is no
  /// project, and when its marker cannot be understood.
  static project find(const std::filesystem::path& start);

  /// One that is being made.
  project(std::filesystem::path root, project_name name, features with);

  const std::filesystem::path& root() const noexcept {
    return root_;
  }

  const std::string& name() const noexcept {
    return name_.text();
  }

  const features& with() const noexcept {
    return with_;
  }

  /// The names of its domains, sorted.
  std::vector<std::string> domains() const;

  bool has_domain(const std::string& domain) const;

  /// Whether the domain is hosted with the store that it was made with.
  bool has_store(const std::string& domain) const;

private:
  std::filesystem::path root_;
  project_name name_;
  features with_;
};

} // namespace flamigo::tool
