#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "flamigo/json/raw_json.hpp"

namespace flamigo::detail {

/// The members of a token's header or payload, by name.
using jwt_members = std::map<std::string, raw_json>;

/// Reads a JSON object. None if it is no JSON, nested too deep, or has a
/// member twice (RFC 7519, 4: one may refuse that, and who reads the first and
/// who reads the last one will then not disagree).
std::optional<jwt_members> read_jwt_members(std::string_view json);

/// Returns a string; none if it is missing or something else.
std::optional<std::string> find_text(const jwt_members& members,
                                     const std::string& name);

/// Returns the text of a value, none if it is no string.
std::optional<std::string> as_text(const raw_json& value);

} // namespace flamigo::detail
