#include "changes.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <ostream>
#include <sstream>
#include <system_error>
#include <utility>

#include "failure.hpp"
#include "words.hpp"

namespace flamigo::tool {

namespace fs = std::filesystem;

namespace {

void write(const fs::path& file, const std::string& text) {
  std::error_code ignored;
  fs::create_directories(file.parent_path(), ignored);
  std::ofstream out{file, std::ios::binary};
  out << text << std::flush;
  if (!out)
    throw failure{"cannot write " + file.string() + ": "
                  + std::generic_category().message(errno)};
}

[[noreturn]] void refuse(const std::string& path, const std::string& why,
                         std::string_view lines) {
  throw failure{path + " " + why
                + "; nothing was written. What belongs there:\n"
                + std::string{lines}};
}

} // namespace

changes::changes(fs::path root) : root_(std::move(root)) {
}

void changes::create(const std::string& path, std::string text) {
  created_.emplace(path, std::move(text));
}

std::string& changes::text_of(const std::string& path, std::string_view lines) {
  if (auto i = created_.find(path); i != created_.end())
    return i->second;
  if (auto i = edited_.find(path); i != edited_.end())
    return i->second;
  std::ifstream in{root_ / path, std::ios::binary};
  if (!in)
    refuse(path, "cannot be read", lines);
  std::stringstream text;
  text << in.rdbuf();
  return edited_.emplace(path, text.str()).first->second;
}

void changes::insert(const std::string& path, std::string_view mark,
                     std::string_view lines) {
  auto& text = text_of(path, lines);
  auto comment = "// flamigo: " + std::string{mark};
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = std::min(text.find('\n', begin), text.size());
    auto line = std::string_view{text}.substr(begin, end - begin);
    if (trim(line) == comment) {
      auto indent = std::string{line.substr(0, line.find('/'))};
      std::string added;
      for (auto& x : words_of(lines, "\n"))
        added += indent + x + '\n';
      text.insert(begin, added);
      return;
    }
    begin = end + 1;
  }
  refuse(path,
         "has no line \"" + comment + "\" any more: put it back, and try again",
         lines);
}

void changes::require_new() const {
  std::string taken;
  for (auto& [path, text] : created_)
    if (fs::exists(fs::symlink_status(root_ / path)))
      taken += "\n  " + path;
  if (!taken.empty())
    throw failure{
      "these files are there already, and nothing was written: choose another "
      "name, or move them away if nothing needs them:"
      + taken};
}

void changes::apply(std::ostream& out) const {
  require_new();
  for (auto& [path, text] : created_) {
    write(root_ / path, text);
    if (path.starts_with("scripts/"))
      fs::permissions(root_ / path,
                      fs::perms::owner_exec | fs::perms::group_exec
                        | fs::perms::others_exec,
                      fs::perm_options::add);
    out << "  created  " << path << '\n';
  }
  for (auto& [path, text] : edited_) {
    write(root_ / path, text);
    out << "  changed  " << path << '\n';
  }
}

} // namespace flamigo::tool
