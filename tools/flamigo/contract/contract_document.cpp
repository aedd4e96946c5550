#include "contract/contract_document.hpp"

#include <fstream>
#include <sstream>
#include <utility>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "contract/schema_check.hpp"
#include "failure.hpp"
#include "flamigo/contract/detail/contract_document.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo::tool {

namespace {

constexpr std::string_view definitions = "#/$defs/";

[[noreturn]] void refuse_event(const std::string& where,
                               const std::string& channel,
                               const std::string& event) {
  throw failure{where + ": the channel " + channel
                + " has an event that is not there: " + event};
}

void check_route(const std::string& name, bool has_strategy,
                 const std::string& where) {
  if (name.find(' ') == name.npos)
    throw failure{where + ": " + name + " is no method with a path"};
  if (!has_strategy)
    throw failure{where + ": " + name + " has a strategy that is not there"};
}

void check_schemas(const rapidjson::Document& of, const std::string& where) {
  for (auto& each : of["$defs"].GetObject())
    check_schema(each.value, where + ": " + std::string{text_of(each.name)});
  for (auto part : {"strategies", "channels", "events", "requests"})
    for (auto& each : of[part].GetObject()) {
      auto place = where + ": " + std::string{text_of(each.name)};
      for (auto name : {"input", "output", "presence", "result", "payload",
                        "question", "answer"})
        if (auto found = member(each.value, name))
          check_schema(*found, place);
    }
}

} // namespace

rapidjson::Document parse_contract(const std::string& text,
                                   const std::string& where) {
  flamigo::detail::contract_document form;
  if (auto err = from_json(text, form)) {
    auto why = public_message(err);
    for (auto& each : field_errors_of(err))
      why += "; " + each.field + " " + each.error;
    throw failure{where
                  + " is no contract, which is what a program prints for "
                    "--contract: "
                  + why};
  }
  if (form.contract != 1)
    throw failure{where + " is a contract of another version of Flamigo"};
  if (form.http)
    for (auto& [name, route] : *form.http)
      check_route(name, form.strategies.contains(route.strategy), where);
  for (auto& [name, channel] : form.channels)
    for (auto& event : channel.events)
      if (!form.events.contains(event))
        refuse_event(where, name, event);
  rapidjson::Document result;
  result.Parse(text.data(), text.size());
  if (auto types = member(result, "$defs");
      types == nullptr || !types->IsObject())
    throw failure{where + " is no contract: it has no $defs"};
  check_schemas(result, where);
  return result;
}

std::string content_of(const std::filesystem::path& file) {
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
  auto* result = &schema;
  // One that refers to itself in a circle is none that a program has made.
  for (int i = 0; i < 16; ++i) {
    auto name = reference_of(*result);
    if (name.empty())
      return *result;
    auto found = member(of["$defs"], std::string{name}.c_str());
    if (found == nullptr)
      throw failure{"the contract has no definition of " + std::string{name}};
    result = found;
  }
  return *result;
}

const rapidjson::Value* member(const rapidjson::Value& of, const char* name) {
  if (!of.IsObject())
    return nullptr;
  auto found = of.FindMember(name);
  return found == of.MemberEnd() ? nullptr : &found->value;
}

} // namespace flamigo::tool
