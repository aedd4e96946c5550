#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Reads what a program has printed for `--contract`. Throws `failure`, which
/// names `where` it is from, for anything else.
rapidjson::Document parse_contract(const std::string& text,
                                   const std::string& where);

/// Returns what is in a file. Throws `failure` if it cannot be read.
std::string content_of(const std::filesystem::path& file);

/// Reads such a file.
rapidjson::Document read_contract(const std::filesystem::path& file);

/// What a schema refers to with `$ref`, and what that refers to, if it does;
/// else the schema itself. There is an end to it in what was parsed.
const rapidjson::Value& resolved(const rapidjson::Value& schema,
                                 const rapidjson::Document& of);

/// The name of the definition that a schema refers to; empty if it does not.
std::string_view reference_of(const rapidjson::Value& schema);

/// A member of an object, or null.
const rapidjson::Value* member(const rapidjson::Value& of,
                               std::string_view name);

/// The value by which one of several is told from the others: the `const` of
/// that member in its `properties`. Null where it has none.
const rapidjson::Value* tag_value(const rapidjson::Value& schema,
                                  std::string_view name);

/// Names of the parameters in `/users/{id}`; nothing where one is no whole
/// segment.
std::optional<std::vector<std::string_view>>
parameters_of(std::string_view path);

/// A text.
inline std::string_view text_of(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

/// Any value as JSON, on one line.
std::string json_of(const rapidjson::Value& value);

} // namespace flamigo::tool
