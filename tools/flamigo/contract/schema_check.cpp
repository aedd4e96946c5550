#include "contract/schema_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <set>
#include <string_view>

#include "contract/contract_document.hpp"
#include "contract/schema_keywords.hpp"
#include "failure.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

/// JSON Schema validation 6.1.1.
constexpr std::array<std::string_view, 7> type_names{
  "array", "boolean", "integer", "null", "number", "object", "string"};

bool is_type(const value& what) {
  return what.IsString()
         && std::find(type_names.begin(), type_names.end(), text_of(what))
              != type_names.end();
}

bool is_count(const value& what) {
  return what.IsUint64()
         || (what.IsDouble() && what.GetDouble() >= 0
             && what.GetDouble() == std::floor(what.GetDouble()));
}

/// JSON Schema validation 6 to 9, of keywords without schemas in them.
bool has_form(std::string_view keyword, const value& what) {
  auto is_one = [keyword](std::initializer_list<std::string_view> of) {
    return std::find(of.begin(), of.end(), keyword) != of.end();
  };
  if (is_one({"enum"}))
    return what.IsArray();
  if (is_one({"type"}))
    return is_type(what);
  if (is_one({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}))
    return what.IsNumber();
  if (is_one({"multipleOf"}))
    return what.IsNumber() && what.GetDouble() > 0;
  if (is_one({"minLength", "maxLength", "minItems", "maxItems", "minProperties",
              "maxProperties"}))
    return is_count(what);
  if (is_one({"uniqueItems"}))
    return what.IsBool();
  if (is_one({"$ref", "pattern", "format", "contentEncoding", "title",
              "description", "$comment"}))
    return what.IsString();
  return keyword != "discriminator"
         || (what.IsObject() && what.HasMember("propertyName")
             && what["propertyName"].IsString());
}

class schema_checker {
public:
  schema_checker(const value& types, const std::string& where)
    : types_(types), where_(where) {
  }

  void check(const value& schema) const {
    if (schema.IsBool())
      return;
    if (!schema.IsObject())
      throw failure{where_ + ": a schema is an object"};
    for (auto& each : schema.GetObject())
      check_keyword(text_of(each.name), each.value);
    if (auto all = member(schema, "enum"); all != nullptr && all->Empty())
      throw failure{where_ + ": \"enum\" is empty, so that nothing fits it"};
    check_required(schema);
    if (auto to = member(schema, "$ref"); to != nullptr)
      check_reference(text_of(*to), reference_of(schema));
    if (auto by = member(schema, "discriminator"))
      check_tags(member(schema, "oneOf"), text_of((*by)["propertyName"]));
  }

private:
  [[noreturn]] void refuse(std::string_view keyword) const {
    throw failure{where_ + ": \"" + std::string{keyword}
                  + "\" is not what a contract has there"};
  }

  /// An object that says which members it has has those that have to be there.
  void check_required(const value& schema) const {
    auto names = member(schema, "required");
    auto members = member(schema, "properties");
    if (names == nullptr || members == nullptr)
      return;
    for (auto& each : names->GetArray())
      if (member(*members, text_of(each)) == nullptr)
        throw failure{where_ + ": \"required\" has \""
                      + std::string{text_of(each)}
                      + "\", which \"properties\" has not"};
  }

  void check_reference(std::string_view to, std::string_view name) const {
    if (name.empty() || member(types_, name) == nullptr)
      throw failure{where_ + ": \"$ref\" is \"" + std::string{to}
                    + "\", which is nothing that $defs has"};
  }

  /// A variant is told from the others by a text of its own in a member.
  void check_tags(const value* variants, std::string_view name) const {
    if (variants == nullptr)
      throw failure{where_ + ": \"discriminator\" has no \"oneOf\" beside it"};
    std::set<std::string_view> seen;
    for (auto& each : variants->GetArray()) {
      auto tag = tag_value(each, name);
      if (tag == nullptr || !tag->IsString()
          || !seen.insert(text_of(*tag)).second)
        throw failure{where_ + ": \"discriminator\" is \"" + std::string{name}
                      + "\", which has no \"const\" of its own in each of "
                        "\"oneOf\""};
    }
  }

  void check_each(const value& list, std::string_view keyword) const {
    // JSON Schema has no empty ones, core 10.2.1 and 10.3.1.1.
    if (!list.IsArray() || list.Empty())
      refuse(keyword);
    for (auto& each : list.GetArray())
      check(each);
  }

  void check_texts(const value& list, std::string_view keyword) const {
    if (!list.IsArray())
      refuse(keyword);
    for (auto& each : list.GetArray())
      if (!each.IsString())
        refuse(keyword);
  }

  void check_members(const value& members, std::string_view keyword) const {
    if (!members.IsObject())
      refuse(keyword);
    for (auto& each : members.GetObject())
      check(each.value);
  }

  void check_keyword(std::string_view name, const value& what) const {
    switch (kind_of_keyword(name)) {
      case keyword_kind::schema:
        return check(what);
      case keyword_kind::schemas:
        return check_each(what, name);
      case keyword_kind::members:
        return check_members(what, name);
      case keyword_kind::value:
        break;
    }
    if (name == "required")
      check_texts(what, name);
    else if (!has_form(name, what))
      refuse(name);
  }

  const value& types_;
  const std::string& where_;
};

} // namespace

void check_schema(const value& schema, const value& types,
                  const std::string& where) {
  schema_checker{types, where}.check(schema);
}

} // namespace flamigo::tool
