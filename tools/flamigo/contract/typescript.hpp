#pragma once

#include <string>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Returns a contract as a TypeScript module, whose interface `Contract` is
/// what `connect<Contract>` of `@flamigo/client` takes.
std::string typescript_of(const rapidjson::Document& contract);

} // namespace flamigo::tool
