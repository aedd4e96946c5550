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

bool claims::operator==(const claims& other) const {
  return type == other.type && protocol == other.protocol
         && transport == other.transport && connection_id == other.connection_id
         && interface == other.interface && remote_address == other.remote_address
         && certificate == other.certificate && headers == other.headers
         && domain == other.domain && user == other.user
         && extras == other.extras;
}

const claims_ptr& backend_claims() {
  // Never destroyed, and owned by no handle: a count of them would be one cache
  // line that all threads write to for each event.
  static const auto& shared = *[] {
    auto* result = new claims;
    result->type = claims_type::backend;
    result->interface = "local";
    return result;
  }();
  static const claims_ptr instance{claims_ptr{}, &shared};
  return instance;
}

claims_ptr domain_claims(std::string domain) {
  claims result;
  result.type = claims_type::domain;
  result.interface = "local";
  result.domain = std::move(domain);
  return std::make_shared<const claims>(std::move(result));
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
