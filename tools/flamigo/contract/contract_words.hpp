#pragma once

#include <string>

#include <rapidjson/document.h>

/// What a contract says of a call, in the words of its documentation.
namespace flamigo::tool {

/// Who may, of anything that has an `access`: `For user, guest.`
std::string for_whom(const rapidjson::Value& what);

/// Whether a guest may, on whatever else it depends.
bool lets_guests_in(const rapidjson::Value& what);

/// The limits of a strategy, and an error on each line.
std::string limits_and_errors(const rapidjson::Value& strategy);

/// Whether a schema takes null.
bool takes_null(const rapidjson::Value& schema,
                const rapidjson::Document& contract);

} // namespace flamigo::tool
