#include "contract/draft7_schema.hpp"

#include <string>

#include "contract/contract_document.hpp"
#include "contract/schema_keywords.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

class translator {
public:
  translator(std::string_view prefix,
             rapidjson::Document::AllocatorType& memory)
    : prefix_(prefix), memory_(memory) {
  }

  value schema(const value& from) {
    if (!from.IsObject())
      return value{from, memory_};
    value result{rapidjson::kObjectType};
    for (auto& each : from.GetObject())
      add(result, text_of(each.name), each.value, from);
    auto name = reference_of(from);
    if (name.empty())
      return result;
    value reference{rapidjson::kObjectType};
    reference.AddMember("$ref", text(prefix_ + std::string{name}), memory_);
    if (result.ObjectEmpty())
      return reference;
    if (!result.HasMember("allOf"))
      result.AddMember("allOf", value{rapidjson::kArrayType}, memory_);
    result["allOf"].PushBack(reference, memory_);
    return result;
  }

private:
  void add(value& to, std::string_view name, const value& what,
           const value& whole) {
    if (name == "$ref" && !reference_of(whole).empty())
      return;
    if (name == "prefixItems")
      return put(to, "items", each_of(what));
    if (name == "items" && whole.HasMember("prefixItems"))
      return put(to, "additionalItems", schema(what));
    if (name == "discriminator" && what.IsObject())
      return put(to, "discriminator", value{what["propertyName"], memory_});
    put(to, name, part(name, what));
  }

  value part(std::string_view keyword, const value& from) {
    switch (kind_of_keyword(keyword)) {
      case keyword_kind::schema:
        return schema(from);
      case keyword_kind::schemas:
        return each_of(from);
      case keyword_kind::members:
        return members_of(from);
      case keyword_kind::value:
        break;
    }
    return value{from, memory_};
  }

  value each_of(const value& from) {
    value result{rapidjson::kArrayType};
    for (auto& each : from.GetArray())
      result.PushBack(schema(each), memory_);
    return result;
  }

  value members_of(const value& from) {
    value result{rapidjson::kObjectType};
    for (auto& each : from.GetObject())
      put(result, text_of(each.name), schema(each.value));
    return result;
  }

  void put(value& to, std::string_view name, value what) {
    to.AddMember(text(name), what, memory_);
  }

  value text(std::string_view from) {
    return value{from.data(), static_cast<rapidjson::SizeType>(from.size()),
                 memory_};
  }

  std::string prefix_;
  rapidjson::Document::AllocatorType& memory_;
};

} // namespace

rapidjson::Value draft7_schema(const rapidjson::Value& schema,
                               std::string_view prefix,
                               rapidjson::Document::AllocatorType& memory) {
  return translator{prefix, memory}.schema(schema);
}

} // namespace flamigo::tool
