#include "flamigo/claims/claims.hpp"

#include <algorithm>

namespace flamigo {

namespace {

// Header names are ASCII (RFC 9110, 5.1), so the locale has no say.
constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view x, std::string_view y) noexcept {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

} // namespace

const claims_ptr& backend_claims() {
  static const claims_ptr instance = [] {
    claims result;
    result.type = claims_type::backend;
    result.interface = "local";
    return std::make_shared<const claims>(std::move(result));
  }();
  return instance;
}

std::string_view header_of(const claims& who, std::string_view name) noexcept {
  for (auto& [key, value] : who.headers)
    if (same_name(key, name))
      return value;
  return {};
}

std::string_view last_header_of(const claims& who,
                                std::string_view name) noexcept {
  for (auto i = who.headers.rbegin(); i != who.headers.rend(); ++i)
    if (same_name(i->first, name)) {
      std::string_view value = i->second;
      value.remove_prefix(value.rfind(',') + 1);
      value.remove_prefix(
        std::min(value.find_first_not_of(" \t"), value.size()));
      return value.substr(0, value.find_last_not_of(" \t") + 1);
    }
  return {};
}

} // namespace flamigo
