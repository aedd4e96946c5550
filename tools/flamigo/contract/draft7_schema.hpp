#pragma once

#include <string_view>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Copies a schema of a contract (JSON Schema 2020-12) as what AsyncAPI takes
/// by itself, which is a superset of draft 7: what stands beside a `$ref`
/// counts (2020-12, core 8.2.3.1; not so in draft 7, 8.3), lists of several
/// types have another keyword, and a discriminator is a name. References go to
/// `prefix`.
rapidjson::Value draft7_schema(const rapidjson::Value& schema,
                               std::string_view prefix,
                               rapidjson::Document::AllocatorType& memory);

} // namespace flamigo::tool
