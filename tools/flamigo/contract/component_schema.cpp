#include "contract/component_schema.hpp"

#include <string>

#include "contract/contract_document.hpp"
#include "contract/schema_keywords.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;
using allocator = rapidjson::Document::AllocatorType;

value text(const std::string& from, allocator& memory) {
  return value{from.data(), static_cast<rapidjson::SizeType>(from.size()),
               memory};
}

std::string component(std::string_view name) {
  return "#/components/schemas/" + std::string{name};
}

/// Each alternative is a definition, and says which tag it has.
value mapping_of(const value& variant, allocator& memory) {
  value result{rapidjson::kObjectType};
  auto by = text_of(variant["discriminator"]["propertyName"]);
  for (auto& each : variant["oneOf"].GetArray())
    if (auto name = reference_of(each); !name.empty())
      result.AddMember(value{*tag_value(each, by), memory},
                       text(component(name), memory), memory);
  return result;
}

value each_of(const value& from, allocator& memory) {
  value result{rapidjson::kArrayType};
  for (auto& each : from.GetArray())
    result.PushBack(component_schema(each, memory), memory);
  return result;
}

value members_of(const value& from, allocator& memory) {
  value result{rapidjson::kObjectType};
  for (auto& each : from.GetObject())
    result.AddMember(value{each.name, memory},
                     component_schema(each.value, memory), memory);
  return result;
}

value moved(std::string_view keyword, const value& from, allocator& memory) {
  switch (kind_of_keyword(keyword)) {
    case keyword_kind::schema:
      return component_schema(from, memory);
    case keyword_kind::schemas:
      return each_of(from, memory);
    case keyword_kind::members:
      return members_of(from, memory);
    case keyword_kind::value:
      break;
  }
  return value{from, memory};
}

} // namespace

value component_schema(const value& schema, allocator& memory) {
  if (!schema.IsObject())
    return value{schema, memory};
  value result{rapidjson::kObjectType};
  for (auto& each : schema.GetObject()) {
    auto name = text_of(each.name);
    auto refers = name == "$ref" && !reference_of(schema).empty();
    value part = refers ? text(component(reference_of(schema)), memory)
                        : moved(name, each.value, memory);
    if (name == "discriminator")
      part.AddMember("mapping", mapping_of(schema, memory), memory);
    result.AddMember(value{each.name, memory}, part, memory);
  }
  return result;
}

} // namespace flamigo::tool
