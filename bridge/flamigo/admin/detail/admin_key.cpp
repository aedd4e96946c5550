#include "flamigo/admin/detail/admin_key.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

namespace {

constexpr std::string_view admin_scope = "admin";

/// Where a user has what its key is known by.
constexpr char key_extra[] = "sha256";

bool holds_key(const claims& who, const api_keys& all) {
  if (!who.user)
    return false;
  auto found = who.user->extras.find(key_extra);
  return found != who.user->extras.end()
         && all.still_allows({who.user->id, found->second}, admin_scope);
}

} // namespace

authenticator admin_authenticator(std::shared_ptr<const key_store> keys) {
  return [keys = std::move(keys)](std::string_view token,
                                  const claims&) -> caf::expected<user> {
    auto found = keys->now()->identify(token, admin_scope);
    if (!found)
      return std::move(found.error());
    return user{.id = std::move(found->name),
                .extras = {{key_extra, std::move(found->sha256)}}};
  };
}

validator is_admin(std::shared_ptr<const key_store> keys) {
  return make_validator(
    "is_admin", [keys = std::move(keys)](const claims& who) -> caf::error {
      if (holds_key(who, *keys->now()))
        return {};
      return make_error(errc::unauthorized,
                        "show a key with the scope admin: this one is none "
                        "any more");
    });
}

} // namespace flamigo::detail
