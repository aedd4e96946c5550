#include "contract/component_schema.hpp"

#include <string>

#include "contract/contract_document.hpp"

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
value mapping_of(const value& alternatives, allocator& memory) {
  value result{rapidjson::kObjectType};
  for (auto& each : alternatives.GetArray())
    if (auto name = reference_of(each); !name.empty())
      result.AddMember(value{each["properties"]["type"]["const"], memory},
                       text(component(name), memory), memory);
  return result;
}

value moved(const value& from, allocator& memory) {
  if (from.IsArray()) {
    value result{rapidjson::kArrayType};
    for (auto& each : from.GetArray())
      result.PushBack(moved(each, memory), memory);
    return result;
  }
  return from.IsObject() ? component_schema(from, memory) : value{from, memory};
}

} // namespace

value component_schema(const value& schema, allocator& memory) {
  if (!schema.IsObject())
    return value{schema, memory};
  value result{rapidjson::kObjectType};
  for (auto& each : schema.GetObject()) {
    auto name = text_of(each.name);
    auto refers = name == "$ref" && !reference_of(schema).empty();
    // What stands there are values.
    auto is_value = name == "enum" || name == "const" || name == "default";
    value part = refers     ? text(component(reference_of(schema)), memory)
                 : is_value ? value{each.value, memory}
                            : moved(each.value, memory);
    if (name == "discriminator")
      part.AddMember("mapping", mapping_of(schema["oneOf"], memory), memory);
    result.AddMember(value{each.name, memory}, part, memory);
  }
  return result;
}

} // namespace flamigo::tool
