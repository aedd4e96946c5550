#include "project.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

#include "failure.hpp"
#include "words.hpp"

namespace flamigo::tool {

namespace fs = std::filesystem;

namespace {

// `key = "value"` in each line.
std::map<std::string, std::string> read_marker(const fs::path& file) {
  std::ifstream in{file};
  std::map<std::string, std::string> result;
  for (std::string line; std::getline(in, line);) {
    auto mark = line.find('=');
    if (line.starts_with('#') || mark == line.npos)
      continue;
    auto value = trim(std::string_view{line}.substr(mark + 1));
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    result.emplace(trim(line.substr(0, mark)), value);
  }
  return result;
}

project read_project(const fs::path& root) {
  auto values = read_marker(root / project::marker);
  auto get = [&](const char* key) {
    auto i = values.find(key);
    if (i == values.end())
      throw failure{(root / project::marker).string() + " does not say the "
                    + key + ": add a line " + key + " = \"...\""};
    return i->second;
  };
  return {root, project_name{get("name")}, features::parse(get("features"))};
}

} // namespace

std::optional<fs::path> project::root_of(const fs::path& start) {
  for (auto dir = fs::absolute(start);; dir = dir.parent_path()) {
    if (fs::is_regular_file(dir / marker))
      return dir;
    if (dir == dir.parent_path())
      return std::nullopt;
  }
}

project project::find(const fs::path& start) {
  auto root = root_of(start);
  if (!root)
    throw failure{"there is no flamigo.conf here or above: go into a project, "
                  "or make one with `flamigo init NAME`"};
  return read_project(*root);
}

project::project(fs::path root, project_name name, features with)
  : root_(std::move(root)), name_(std::move(name)), with_(std::move(with)) {
}

std::vector<std::string> project::domains() const {
  std::vector<std::string> result;
  std::error_code none;
  for (auto& entry : fs::directory_iterator{root_ / "domains", none})
    if (entry.is_directory())
      result.push_back(entry.path().filename().string());
  std::sort(result.begin(), result.end());
  return result;
}

bool project::has_domain(const std::string& domain) const {
  return !domain.empty() && fs::is_directory(root_ / "domains" / domain);
}

bool project::has_store(const std::string& domain) const {
  return fs::exists(root_ / "domains" / domain
                    / "infrastructure/memory_store.hpp");
}

} // namespace flamigo::tool
