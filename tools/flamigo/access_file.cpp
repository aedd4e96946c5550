#include "access_file.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <vector>

#include "failure.hpp"

namespace flamigo::tool {

namespace {

using line_list = std::vector<std::string>;

line_list lines_of(std::istream& in) {
  line_list result;
  for (std::string line; std::getline(in, line);)
    if (!line.empty() && !line.starts_with('#'))
      result.push_back(line);
  std::sort(result.begin(), result.end());
  return result;
}

line_list without(const line_list& all, const line_list& others) {
  line_list result;
  std::set_difference(all.begin(), all.end(), others.begin(), others.end(),
                      std::back_inserter(result));
  return result;
}

} // namespace

bool compare_access(const std::filesystem::path& file, const std::string& now,
                    std::ostream& out) {
  std::ifstream committed{file};
  if (!committed)
    throw failure{"there is no file " + file.string()
                  + "; --write makes it of the program as it is"};
  std::istringstream printed{now};
  auto before = lines_of(committed), after = lines_of(printed);
  auto gone = without(before, after), come = without(after, before);
  if (gone.empty() && come.empty())
    return true;
  for (auto& line : gone)
    out << "- " << line << '\n';
  for (auto& line : come)
    out << "+ " << line << '\n';
  out << "\nThis is not what " << file.string()
      << " says of who may call what. Where it is meant:\n  flamigo routes "
         "--matrix "
      << file.string() << " --write\n";
  return false;
}

void write_access(const std::filesystem::path& file, const std::string& now) {
  std::ofstream out{file};
  out << "# Who may call what. `flamigo routes --matrix FILE` compares it.\n"
      << now << std::flush;
  if (!out)
    throw failure{"cannot write " + file.string()};
}

} // namespace flamigo::tool
