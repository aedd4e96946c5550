#include "contract/schema_keywords.hpp"

#include <algorithm>
#include <array>

namespace flamigo::tool {

namespace {

constexpr std::array<std::string_view, 13> no_rules{
  "$ref",          "type",     "enum",        "const",   "required",
  "discriminator", "title",    "description", "default", "examples",
  "deprecated",    "readOnly", "writeOnly"};

} // namespace

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

bool is_rule(std::string_view name) {
  return kind_of_keyword(name) == keyword_kind::value
         && std::find(no_rules.begin(), no_rules.end(), name) == no_rules.end();
}

} // namespace flamigo::tool
