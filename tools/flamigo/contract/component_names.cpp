#include "contract/component_names.hpp"

#include <cctype>

namespace flamigo::tool {

std::string component_names::make(std::string_view name) {
  std::string wanted;
  for (auto c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'
        || c == '-')
      wanted += c;
    else if (!wanted.empty() && wanted.back() != '.')
      wanted += '.';
  while (wanted.ends_with('.'))
    wanted.pop_back();
  auto result = wanted;
  for (int i = 2; !taken_.insert(result).second; ++i)
    result = wanted + "-" + std::to_string(i);
  return result;
}

} // namespace flamigo::tool
