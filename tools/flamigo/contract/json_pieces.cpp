#include "contract/json_pieces.hpp"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

namespace flamigo::tool {

json_pieces::value json_pieces::copy(std::string_view text) {
  return value{text.data(), static_cast<rapidjson::SizeType>(text.size()),
               memory_};
}

json_pieces::value json_pieces::copy(const value& of) {
  return value{of, memory_};
}

json_pieces::value json_pieces::typed(std::string_view type) {
  auto result = object();
  put(result, "type", type);
  return result;
}

json_pieces::value json_pieces::const_text(std::string_view text) {
  auto result = typed("string");
  put(result, "const", text);
  return result;
}

json_pieces::value json_pieces::reference(std::string_view to) {
  auto result = object();
  put(result, "$ref", to);
  return result;
}

json_pieces::value
json_pieces::list(std::initializer_list<std::string_view> of) {
  auto result = array();
  for (auto each : of)
    add(result, copy(each));
  return result;
}

void json_pieces::put(value& to, std::string_view name, value&& what) {
  to.AddMember(copy(name), what, memory_);
}

void json_pieces::put(value& to, std::string_view name, std::string_view text) {
  put(to, name, copy(text));
}

void json_pieces::add(value& to, value&& what) {
  to.PushBack(what, memory_);
}

json_pieces::value json_pieces::error_schema() {
  auto members = object();
  for (auto name : {"message", "code"})
    put(members, name, typed("string"));
  put(members, "status", typed("integer"));
  auto result = typed("object");
  put(result, "properties", std::move(members));
  put(result, "required", list({"message", "status", "code"}));
  return result;
}

std::string pretty_json(const rapidjson::Value& value) {
  rapidjson::StringBuffer out;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer{out};
  writer.SetIndent(' ', 2);
  value.Accept(writer);
  return std::string{out.GetString(), out.GetSize()} + "\n";
}

} // namespace flamigo::tool
