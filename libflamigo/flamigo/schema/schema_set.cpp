#include "flamigo/schema/schema_set.hpp"

namespace flamigo {

std::string schema_set::definitions() const {
  std::string result = "{";
  for (auto& [name, schema] : writer_.definitions()) {
    result.append(result.size() == 1 ? "" : ",");
    append_json(result, name);
    result.append(":").append(schema);
  }
  return result + "}";
}

std::string schema_set::make(const detail::type_schema& type,
                             detail::schema_use use) {
  std::string result;
  writer_.append(result, type, use);
  return result;
}

} // namespace flamigo
