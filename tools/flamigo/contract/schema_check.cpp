#include "contract/schema_check.hpp"

#include <string_view>

#include "failure.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

[[noreturn]] void refuse(const std::string& where, std::string_view keyword) {
  throw failure{where + ": \"" + std::string{keyword}
                + "\" is not what JSON Schema has there"};
}

void check_each(const value& list, const std::string& where,
                std::string_view keyword) {
  if (!list.IsArray())
    refuse(where, keyword);
  for (auto& each : list.GetArray())
    check_schema(each, where);
}

void check_texts(const value& list, const std::string& where,
                 std::string_view keyword) {
  if (!list.IsArray())
    refuse(where, keyword);
  for (auto& each : list.GetArray())
    if (!each.IsString())
      refuse(where, keyword);
}

void check_members(const value& members, const std::string& where,
                   std::string_view keyword) {
  if (!members.IsObject())
    refuse(where, keyword);
  for (auto& each : members.GetObject())
    check_schema(each.value, where);
}

/// Whether it is what it has to be, of keywords without schemas in them.
bool has_form(std::string_view keyword, const value& what) {
  if (keyword == "enum")
    return what.IsArray();
  if (keyword == "type" || keyword == "$ref")
    return what.IsString();
  return keyword != "discriminator"
         || (what.IsObject() && what.HasMember("propertyName")
             && what["propertyName"].IsString());
}

void check_keyword(std::string_view name, const value& what,
                   const std::string& where) {
  if (name == "properties")
    check_members(what, where, name);
  else if (name == "anyOf" || name == "oneOf" || name == "prefixItems")
    check_each(what, where, name);
  else if (name == "items" || name == "additionalProperties"
           || name == "propertyNames")
    check_schema(what, where);
  else if (name == "required")
    check_texts(what, where, name);
  else if (!has_form(name, what))
    refuse(where, name);
}

} // namespace

void check_schema(const value& schema, const std::string& where) {
  if (schema.IsBool())
    return;
  if (!schema.IsObject())
    throw failure{where + ": a schema is an object"};
  for (auto& each : schema.GetObject())
    check_keyword({each.name.GetString(), each.name.GetStringLength()},
                  each.value, where);
}

} // namespace flamigo::tool
