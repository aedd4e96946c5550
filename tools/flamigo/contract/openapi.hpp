#pragma once

#include <string>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Returns what a contract has of plain HTTP as a document of OpenAPI 3.1: the
/// strategies that are served there, with what stands in the path, in the query
/// and in the body as docs/http.md has it. Handlers, which have no types, are
/// not in it.
std::string openapi_of(const rapidjson::Document& contract);

} // namespace flamigo::tool
