#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace flamigo::tool {

/// The names of C++ that a project has already, and where.
class taken_names {
public:
  /// Reads the sources below this folder that a project is built of.
  explicit taken_names(const std::filesystem::path& root);

  /// The file, relative to the root, that has this namespace, or this in a
  /// namespace; empty if there is none. E.g. of `app::orders::item`.
  std::string where(const std::string& name) const;

  /// Whether the project says `word::`, and means nothing that it has itself.
  bool is_from_outside(const std::string& word) const {
    return outside_.contains(word);
  }

private:
  void read(const std::filesystem::path& root,
            const std::filesystem::path& file);

  std::map<std::string, std::string> files_{};
  std::set<std::string> outside_{};
};

} // namespace flamigo::tool
