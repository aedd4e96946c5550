#include "contract/contract_words.hpp"

#include <algorithm>
#include <set>

#include "contract/contract_document.hpp"

namespace flamigo::tool {

namespace {

/// One that was looked at before did not, or nobody would look on.
bool takes_null(const rapidjson::Value& schema,
                const rapidjson::Document& contract,
                std::set<const rapidjson::Value*>& seen) {
  auto& what = resolved(schema, contract);
  if (!seen.insert(&what).second)
    return false;
  if (auto type = member(what, "type"))
    return text_of(*type) == "null";
  auto any = member(what, "anyOf");
  return any == nullptr
         || std::any_of(any->Begin(), any->End(), [&](auto& each) {
              return takes_null(each, contract, seen);
            });
}

} // namespace

std::string for_whom(const rapidjson::Value& what) {
  std::string result;
  for (auto& each : what["access"].GetArray())
    result += (result.empty() ? "For " : ", ") + std::string{text_of(each)};
  return result + ".";
}

bool lets_guests_in(const rapidjson::Value& what) {
  auto all = what["access"].GetArray();
  return std::any_of(all.begin(), all.end(), [](auto& each) {
    return text_of(each).starts_with("guest");
  });
}

std::string limits_and_errors(const rapidjson::Value& strategy) {
  std::string result;
  for (auto& each : strategy["limits"].GetArray())
    result += " " + std::string{text_of(each)} + ".";
  for (auto& each : strategy["errors"].GetArray()) {
    result += "\n- " + std::to_string(each["status"].GetInt()) + " "
              + std::string{text_of(each["code"])};
    if (auto why = member(each, "description"))
      result += ": " + std::string{text_of(*why)};
  }
  return result;
}

bool takes_null(const rapidjson::Value& schema,
                const rapidjson::Document& contract) {
  std::set<const rapidjson::Value*> seen;
  return takes_null(schema, contract, seen);
}

} // namespace flamigo::tool
