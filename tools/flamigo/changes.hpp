#pragma once

#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>

namespace flamigo::tool {

/// What a command is about to do to a project: files that it makes, and lines
/// that it adds to files at their marks. Nothing happens before `apply`, and
/// nothing is ever overwritten.
///
/// Paths are relative to the root.
class changes {
public:
  explicit changes(std::filesystem::path root);

  /// Makes a file; one below `scripts/` can be executed.
  void create(const std::string& path, std::string text);

  /// Adds lines above the mark, a comment that reads `flamigo: <mark>`, and
  /// indents them as the mark is. The file may be one that is being made.
  /// Throws `failure`, which says what belongs where, when the file or its mark
  /// is gone.
  void insert(const std::string& path, std::string_view mark,
              std::string_view lines);

  /// The files that it makes, with their texts.
  const std::map<std::string, std::string>& created() const noexcept {
    return created_;
  }

  /// Throws `failure` when one of the new files is there already.
  void require_new() const;

  /// Requires that, before anything is written. Then writes, and says each
  /// file.
  void apply(std::ostream& out) const;

private:
  std::string& text_of(const std::string& path, std::string_view lines);

  std::filesystem::path root_;
  std::map<std::string, std::string> created_;
  std::map<std::string, std::string> edited_;
};

} // namespace flamigo::tool
