#include "flamigo/http/detail/request_gate.hpp"

#include <string>
#include <utility>

#include "flamigo/auth/authentication.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/http_route.hpp"
#include "flamigo/http/detail/server_core.hpp"

namespace flamigo::detail {

request_gate::request_gate(const http_route& route, server_core& core,
                           std::string_view token, std::string guest)
  : route_(route), core_(core), guest_(std::move(guest)) {
  if (!route.guard.empty() && core_.auth != nullptr && core_.auth->verifier)
    token_ = token;
}

const authenticator& request_gate::verifier() const noexcept {
  return *core_.auth->verifier;
}

caf::error request_gate::check(const claims& who) const {
  auto is_stranger = core_.auth != nullptr && !who.user;
  auto& guard = route_.guard;
  if (guard.empty())
    return {};
  if (is_stranger && !guard.is_open())
    return make_error(errc::unauthorized);
  return guard(who);
}

caf::error
request_gate::count(const claims& who,
                    std::chrono::steady_clock::time_point now) const {
  auto wait = core_.callers.admit(who, guest_, route_.limits, now);
  if (wait.count() == 0)
    return {};
  return retry_after(make_error(errc::too_many_requests,
                                "too many requests in a short time"),
                     wait);
}

caf::expected<claims_ptr> request_gate::sign_in(const claims& guest,
                                                user who) const {
  if (who.id.empty() || who.id.size() > max_user_id)
    return internal_error("a user's id has from 1 to "
                          + std::to_string(max_user_id) + " bytes, not "
                          + std::to_string(who.id.size()));
  auto& auth = *core_.auth;
  if (who.expiry && *who.expiry + auth.options.expiry_grace <= auth.now())
    return make_error(errc::unauthorized, "the token has expired");
  auto result = std::make_shared<claims>(guest);
  result->user = std::move(who);
  return claims_ptr{std::move(result)};
}

} // namespace flamigo::detail
