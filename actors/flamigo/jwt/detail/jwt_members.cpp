#include "flamigo/jwt/detail/jwt_members.hpp"

#include "flamigo/json/json.hpp"

namespace flamigo::detail {

std::optional<jwt_members> read_jwt_members(std::string_view json) {
  jwt_members result;
  // What is wrong may quote a name, so nobody is told.
  if (from_json(json, result))
    return std::nullopt;
  return result;
}

std::optional<std::string> find_text(const jwt_members& members,
                                     const std::string& name) {
  auto i = members.find(name);
  return i != members.end() ? as_text(i->second) : std::nullopt;
}

std::optional<std::string> as_text(const raw_json& value) {
  std::string result;
  if (from_json(value.text, result))
    return std::nullopt;
  return result;
}

} // namespace flamigo::detail
