#pragma once

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Returns a schema of a contract for a document of OpenAPI 3.1, in which
/// definitions are under `#/components/schemas/` and the discriminator of a
/// variant says which tag is which schema (Discriminator Object).
rapidjson::Value component_schema(const rapidjson::Value& schema,
                                  rapidjson::Document::AllocatorType& memory);

} // namespace flamigo::tool
