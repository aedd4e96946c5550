#include "contract/contract_document.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "contract/contract_check.hpp"
#include "failure.hpp"
#include "flamigo/contract/detail/contract_document.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo::tool {

namespace {

constexpr std::string_view definitions = "#/$defs/";

/// What is wrong with the form of a text.
std::string complaint_of(const caf::error& err) {
  std::string result;
  for (auto& [field, error] : field_errors_of(err))
    result += (result.empty() ? "" : "; ")
              + (field.empty() ? std::string{"it"} : field) + " " + error;
  return result.empty() ? public_message(err) : result;
}

} // namespace

rapidjson::Document parse_contract(const std::string& text,
                                   const std::string& where) {
  flamigo::detail::contract_document form;
  if (auto err = from_json(text, form))
    throw failure{where
                  + " is no contract, which is what a program prints for "
                    "--contract: "
                  + complaint_of(err)};
  if (form.contract != 1)
    throw failure{where + " is a contract of another version of Flamigo"};
  rapidjson::Document whole, result;
  whole.Parse(text.data(), text.size());
  auto types = member(whole, "$defs");
  if (types == nullptr || !types->IsObject())
    throw failure{where + " is no contract: it has no $defs"};
  // With those members as well that need not be written.
  auto written = to_json(form);
  result.Parse(written.data(), written.size());
  auto& memory = result.GetAllocator();
  result.AddMember("$defs", rapidjson::Value{*types, memory}, memory);
  check_contract(result, where);
  return result;
}

std::string content_of(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored))
    throw failure{file.string() + " is a directory: name a file"};
  std::ifstream in{file, std::ios::binary};
  if (!in)
    throw failure{"cannot read " + file.string()};
  std::ostringstream result;
  result << in.rdbuf();
  return std::move(result).str();
}

rapidjson::Document read_contract(const std::filesystem::path& file) {
  return parse_contract(content_of(file), file.string());
}

std::string json_of(const rapidjson::Value& value) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer{out};
  value.Accept(writer);
  return {out.GetString(), out.GetSize()};
}

std::string_view reference_of(const rapidjson::Value& schema) {
  auto found = member(schema, "$ref");
  if (found == nullptr || !found->IsString())
    return {};
  auto text = text_of(*found);
  return text.starts_with(definitions) ? text.substr(definitions.size())
                                       : std::string_view{};
}

const rapidjson::Value& resolved(const rapidjson::Value& schema,
                                 const rapidjson::Document& of) {
  auto name = reference_of(schema);
  return name.empty() ? schema : resolved(*member(of["$defs"], name), of);
}

std::optional<std::vector<std::string_view>>
parameters_of(std::string_view path) {
  std::vector<std::string_view> result;
  while (!path.empty()) {
    auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(segment.size() + 1, path.size()));
    if (segment.find_first_of("{}") == segment.npos)
      continue;
    auto name = segment.substr(1, std::max<std::size_t>(segment.size(), 2) - 2);
    if (segment.front() != '{' || segment.back() != '}' || name.empty()
        || name.find_first_of("{}") != name.npos)
      return std::nullopt;
    result.push_back(name);
  }
  return result;
}

const rapidjson::Value* member(const rapidjson::Value& of,
                               std::string_view name) {
  if (!of.IsObject())
    return nullptr;
  auto found = of.FindMember(rapidjson::Value{
    name.data(), static_cast<rapidjson::SizeType>(name.size())});
  return found == of.MemberEnd() ? nullptr : &found->value;
}

const rapidjson::Value* tag_value(const rapidjson::Value& schema,
                                  std::string_view name) {
  auto members = member(schema, "properties");
  auto tag = members != nullptr ? member(*members, name) : nullptr;
  return tag != nullptr ? member(*tag, "const") : nullptr;
}

} // namespace flamigo::tool
