#pragma once

#include <string>

#include <rapidjson/document.h>

namespace flamigo::tool {

/// Throws `failure`, a sentence with `where` it is and what, for a contract of
/// the right form that makes no sense: it refers to what is not in it, or its
/// schemas are none.
void check_contract(const rapidjson::Document& contract,
                    const std::string& where);

} // namespace flamigo::tool
