#pragma once

#include <string>

#include <rapidjson/document.h>

#include "contract/typescript_names.hpp"

namespace flamigo::tool {

/// Returns a schema as a TypeScript type, whose lines after the first have this
/// indentation. What a type cannot say, such as a range, is left out.
std::string typescript_type(const rapidjson::Value& schema,
                            const typescript_names& names,
                            const std::string& indent = {});

/// Returns a text as a literal, of JavaScript and of JSON.
std::string literal(std::string_view text);

/// Returns a comment for people (`/** ... */`), or nothing if there is nothing
/// to say.
std::string doc_comment(const rapidjson::Value& schema,
                        const std::string& indent);

} // namespace flamigo::tool
