#pragma once

#include <string>

#include <rapidjson/document.h>

#include "contract/schema_findings.hpp"

namespace flamigo::tool {

/// Compares what two schemas say by values alone: their limits, of which one
/// may be more than the other, and all other rules, of which nobody knows which
/// of two refuses more. A schema that is no object has none.
void compare_rules(const rapidjson::Value& before,
                   const rapidjson::Value& after, const std::string& at,
                   schema_findings& found);

} // namespace flamigo::tool
