#include "taken_names.hpp"

#include <fstream>
#include <sstream>

#include "cpp_names.hpp"

namespace flamigo::tool {

namespace fs = std::filesystem;

taken_names::taken_names(const fs::path& root) {
  std::error_code none;
  for (auto& entry : fs::directory_iterator{root, none})
    read(root, entry.path());
  for (auto folder : {"domains", "interfaces", "tests"})
    for (auto& entry : fs::recursive_directory_iterator{root / folder, none})
      read(root, entry.path());
  // A class that is defined member by member is its domain's own.
  for (auto& [name, file] : files_)
    if (auto mark = name.rfind("::"); mark != name.npos)
      outside_.erase(name.substr(mark + 2));
}

std::string taken_names::where(const std::string& name) const {
  auto i = files_.find(name);
  return i != files_.end() ? i->second : std::string{};
}

void taken_names::read(const fs::path& root, const fs::path& file) {
  if (file.extension() != ".hpp" && file.extension() != ".cpp")
    return;
  std::ifstream in{file, std::ios::binary};
  std::stringstream text;
  text << in.rdbuf();
  auto names = names_of(text.str());
  auto path = file.lexically_relative(root).string();
  for (auto* group : {&names.namespaces, &names.things})
    for (auto& name : *group)
      files_.emplace(name, path);
  outside_.merge(names.qualifiers);
}

} // namespace flamigo::tool
