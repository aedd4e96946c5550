#pragma once

#include <string>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Throws `failure` where a schema has keywords of another form than JSON
/// Schema gives them, lets nothing in, or refers to what is none of `types`;
/// `where` says which schema it is.
void check_schema(const rapidjson::Value& schema, const rapidjson::Value& types,
                  const std::string& where);

} // namespace flamigo::tool
