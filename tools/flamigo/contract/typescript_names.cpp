#include "contract/typescript_names.hpp"

#include <cctype>
#include <set>

#include "contract/contract_document.hpp"

namespace flamigo::tool {

namespace {

std::string pascal_case(std::string_view text) {
  std::string result;
  bool begins = true;
  for (auto c : text) {
    auto plain = static_cast<unsigned char>(c);
    if (std::isalnum(plain) == 0) {
      begins = true;
      continue;
    }
    result += begins ? static_cast<char>(std::toupper(plain)) : c;
    begins = false;
  }
  if (result.empty() || std::isdigit(static_cast<unsigned char>(result[0])))
    result.insert(0, "Type");
  return result;
}

} // namespace

typescript_names::typescript_names(const rapidjson::Value& definitions) {
  std::set<std::string> taken{"Contract", "Record", "Partial", "Array"};
  for (auto& each : definitions.GetObject()) {
    auto wanted = pascal_case(text_of(each.name));
    auto name = wanted;
    for (int i = 2; !taken.insert(name).second; ++i)
      name = wanted + std::to_string(i);
    names_.emplace(text_of(each.name), std::move(name));
  }
}

const std::string& typescript_names::of(std::string_view definition) const {
  return names_.find(definition)->second;
}

} // namespace flamigo::tool
