#include "distribution.hpp"

#include <algorithm>
#include <fstream>

namespace flamigo::tool {

distribution read_distribution(std::istream& in) {
  distribution result;
  for (std::string line; std::getline(in, line);) {
    std::erase(line, '"');
    if (line.starts_with("ID="))
      result.id = line.substr(3);
    else if (line.starts_with("VERSION_ID="))
      result.version = line.substr(11);
  }
  return result;
}

distribution this_distribution() {
  std::ifstream in{"/etc/os-release"};
  return read_distribution(in);
}

} // namespace flamigo::tool
