#include "flamigo/schema/schema.hpp"

namespace flamigo {

std::string schema_document(schema_function schema) {
  schema_set set;
  auto body = schema(set);
  std::string result
    = R"({"$schema":"https://json-schema.org/draft/2020-12/schema")";
  if (body != "{}")
    result.append(",").append(body, 1, body.size() - 2);
  if (set.size() > 0)
    result.append(R"(,"$defs":)").append(set.definitions());
  return result + "}";
}

} // namespace flamigo
