#include "contract/schema_keywords.hpp"

namespace flamigo::tool {

keyword_kind kind_of_keyword(std::string_view name) {
  if (name == "properties")
    return keyword_kind::members;
  if (name == "anyOf" || name == "oneOf" || name == "allOf"
      || name == "prefixItems")
    return keyword_kind::schemas;
  if (name == "items" || name == "additionalProperties"
      || name == "propertyNames" || name == "not")
    return keyword_kind::schema;
  return keyword_kind::value;
}

} // namespace flamigo::tool
