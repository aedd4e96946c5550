#include "flamigo/schema/detail/schema_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "flamigo/json/json.hpp"
#include "flamigo/schema/detail/definition_name.hpp"
#include "flamigo/schema/detail/integer_pattern.hpp"
#include "flamigo/schema/detail/split_type.hpp"

namespace flamigo::detail {

namespace {

// A float takes what is nearer to its largest number than to what would be the
// next one.
constexpr std::string_view float_range
  = R"("exclusiveMinimum":-3.4028235677973366e38,)"
    R"("exclusiveMaximum":3.4028235677973366e38)";

// RFC 4648, 4, with the bits that nobody needs 0.
constexpr std::string_view base64_pattern
  = R"("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==)"
    R"(|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$")";

// RFC 3339, 5.6, without leap seconds; the format says what a day is.
constexpr std::string_view time_pattern
  = R"("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])"
    R"(([.][0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$")";

// Adds a keyword to an object.
void add_keyword(std::string& schema, std::string_view name,
                 std::string_view json) {
  schema.pop_back();
  if (schema.back() != '{')
    schema.push_back(',');
  schema.append("\"").append(name).append("\":").append(json).append("}");
}

void add_description(std::string& schema, std::string_view text) {
  if (!text.empty())
    add_keyword(schema, "description", to_json(text));
}

// A schema has no place for what single names mean.
std::string description_of_enum(const type_schema& type) {
  std::string result{type.about};
  for (std::size_t i = 0; i < type.count; ++i)
    if (!type.abouts[i].empty())
      result.append(result.empty() ? "" : "\n")
        .append("- `")
        .append(type.names[i])
        .append("`: ")
        .append(type.abouts[i]);
  return result;
}

void append_names(std::string& out, const type_schema& type) {
  // An empty list of names would be no schema.
  if (type.count == 0) {
    out.append(R"("not":{})");
    return;
  }
  out.append(R"("type":"string","enum":[)");
  for (std::size_t i = 0; i < type.count; ++i) {
    out.append(i == 0 ? "" : ",");
    append_json(out, type.names[i]);
  }
  out.push_back(']');
}

std::string number_of(const type_schema& type, std::string_view keyword) {
  return std::string{keyword} + std::to_string(type.count);
}

std::string range_of(const type_schema& type) {
  return R"(,"minimum":)" + std::to_string(type.min) + R"(,"maximum":)"
         + std::to_string(type.max);
}

} // namespace

schema_writer::schema_writer(std::string prefix) : prefix_(std::move(prefix)) {
}

void schema_writer::append(std::string& out, const type_schema& type,
                           schema_use use) {
  switch (type.kind) {
    case schema_kind::any:
      out.append("{}");
      return;
    case schema_kind::enumeration:
    case schema_kind::record:
    case schema_kind::strong:
      append_reference(out, type, use);
      return;
    case schema_kind::nullable: {
      std::string inner;
      append(inner, type.parts[0](), use);
      // What takes null by itself needs no more.
      if (inner == "{}" || type.parts[0]().kind == schema_kind::nullable)
        out.append(inner);
      else
        out.append(R"({"anyOf":[)")
          .append(inner)
          .append(R"(,{"type":"null"}]})");
      return;
    }
    case schema_kind::boolean:
      out.append(R"({"type":"boolean"})");
      return;
    case schema_kind::integer:
      out.append(R"({"type":"integer")").append(range_of(type));
      break;
    case schema_kind::duration:
      out.append(R"({"title":"milliseconds","type":"integer")")
        .append(range_of(type));
      if (type.count > 1)
        out.append(number_of(type, R"(,"multipleOf":)"));
      break;
    case schema_kind::fine_duration:
      out.append(R"({"title":"milliseconds","type":"number")")
        .append(range_of(type));
      break;
    case schema_kind::real_duration:
      out.append(R"({"title":"milliseconds","type":"number"})");
      return;
    case schema_kind::time:
      out.append(R"({"type":"string","format":"date-time","pattern":)")
        .append(time_pattern)
        .append("}");
      return;
    case schema_kind::date:
      out.append(R"({"type":"string","format":"date"})");
      return;
    case schema_kind::real:
      out.append(R"({"type":"number"})");
      return;
    case schema_kind::short_real:
      out.append(R"({"type":"number",)").append(float_range).append("}");
      return;
    case schema_kind::text:
      out.append(R"({"type":"string"})");
      return;
    case schema_kind::bytes:
      out.append(R"({"type":"string","contentEncoding":"base64","pattern":)")
        .append(base64_pattern)
        .append("}");
      return;
    case schema_kind::list:
      out.append(R"({"type":"array")");
      append_part(out, "items", type.parts[0](), use);
      break;
    case schema_kind::set:
      out.append(R"({"type":"array","uniqueItems":true)");
      append_part(out, "items", type.parts[0](), use);
      break;
    case schema_kind::row:
      out.append(R"({"type":"array")");
      append_part(out, "items", type.parts[0](), use);
      out.append(number_of(type, R"(,"minItems":)"))
        .append(number_of(type, R"(,"maxItems":)"));
      break;
    case schema_kind::tuple:
      out.append(R"({"type":"array","prefixItems":[)");
      for (std::size_t i = 0; i < type.count; ++i) {
        out.append(i == 0 ? "" : ",");
        append(out, type.parts[i](), use);
      }
      out.append(number_of(type, R"(],"items":false,"minItems":)"));
      break;
    case schema_kind::map:
      out.append(R"({"type":"object")");
      append_part(out, "additionalProperties", type.parts[0](), use);
      break;
    case schema_kind::keyed_map:
      out.append(R"({"type":"object")");
      append_keys(out, type.parts[1]());
      append_part(out, "additionalProperties", type.parts[0](), use);
      break;
    case schema_kind::variant:
      append_variant(out, type, use);
      return;
  }
  out.push_back('}');
}

void schema_writer::append_part(std::string& out, std::string_view key,
                                const type_schema& type, schema_use use) {
  out.append(",\"").append(key).append("\":");
  append(out, type, use);
}

// Names are strings, whatever a key is otherwise.
void schema_writer::append_keys(std::string& out, const type_schema& type) {
  if (type.kind == schema_kind::strong)
    return append_keys(out, type.parts[0]());
  if (type.kind == schema_kind::enumeration)
    return append_part(out, "propertyNames", type, schema_use::input);
  if (type.kind == schema_kind::integer)
    out.append(R"(,"propertyNames":{"pattern":")")
      .append(integer_pattern(type.min, type.max))
      .append("\"}");
}

void schema_writer::append_variant(std::string& out, const type_schema& type,
                                   schema_use use) {
  out.append(R"({"type":"object","discriminator":{"propertyName":"type"},)"
             R"("oneOf":[)");
  for (std::size_t i = 0; i < type.count; ++i) {
    std::string schema;
    append(schema, type.parts[i](), use);
    add_keyword(schema, "type", "\"object\"");
    add_keyword(schema, "properties",
                R"({"type":{"const":)" + to_json(type.names[i]) + "}}");
    add_keyword(schema, "required", R"(["type"])");
    out.append(i == 0 ? "" : ",").append(schema);
  }
  out.append("]}");
}

void schema_writer::append_reference(std::string& out, const type_schema& type,
                                     schema_use use) {
  auto& [whole, is_split] = definition_of(type);
  auto name = whole;
  if (is_split && use == schema_use::input)
    name += ".input";
  // Entered before it is written: it may have itself as a part.
  if (definitions_.try_emplace(name).second) {
    std::string text;
    append_definition(text, type, use);
    definitions_[name] = std::move(text);
  }
  out.append(R"({"$ref":")").append(prefix_).append(name).append("\"}");
}

void schema_writer::append_definition(std::string& out, const type_schema& type,
                                      schema_use use) {
  out.push_back('{');
  if (type.kind == schema_kind::enumeration) {
    append_names(out, type);
    out.push_back('}');
    add_description(out, description_of_enum(type));
    return;
  }
  if (type.kind == schema_kind::strong) {
    out.pop_back();
    append(out, type.parts[0](), use);
  } else {
    append_members(out, type, use);
    out.push_back('}');
  }
  add_description(out, type.about);
  if (type.has_rules)
    add_keyword(out, "$comment", R"("has rules of its own beside these")");
}

void schema_writer::append_members(std::string& out, const type_schema& type,
                                   schema_use use) {
  std::string required;
  out.append(R"("type":"object","properties":{)");
  for (std::size_t i = 0; i < type.count; ++i) {
    auto& member = type.members[i];
    auto* shape = &member.type();
    auto is_needed = shape->kind != schema_kind::nullable;
    // What has no value is left out where it is given.
    while (use == schema_use::output && shape->kind == schema_kind::nullable)
      shape = &shape->parts[0]();
    std::string schema;
    append(schema, *shape, use);
    std::string value;
    if (use == schema_use::input && member.append_default != nullptr
        && member.append_default(value)) {
      is_needed = false;
      add_keyword(schema, "default", value);
    }
    add_description(schema, member.about);
    out.append(i == 0 ? "" : ",");
    append_json(out, member.name);
    out.append(":").append(schema);
    if (is_needed) {
      required.append(required.empty() ? "" : ",");
      append_json(required, member.name);
    }
  }
  out.push_back('}');
  if (!required.empty())
    out.append(R"(,"required":[)").append(required).append("]");
}

const schema_writer::definition&
schema_writer::definition_of(const type_schema& type) {
  if (auto i = names_.find(&type); i != names_.end())
    return i->second;
  auto split = is_split(type);
  auto wanted = type.make_name != nullptr ? type.make_name()
                                          : dotted(type.name);
  auto name = wanted;
  // Two types have one name only if neither has a namespace to tell it by.
  for (int i = 2; taken_.contains(name) || taken_.contains(name + ".input");
       ++i)
    name = wanted + "-" + std::to_string(i);
  taken_.insert(name);
  if (split)
    taken_.insert(name + ".input");
  return names_.emplace(&type, definition{name, split}).first->second;
}

} // namespace flamigo::detail
