#include "flamigo/auth/authenticator.hpp"

#include "flamigo/auth/detail/without_token.hpp"
#include "flamigo/error/detail/guarded.hpp"

namespace flamigo {

authenticator::authenticator(caf::actor service)
  : service_(std::move(service)) {
}

authenticator::authenticator(jwt_verifier verifier)
  : service_(function{
    [verifier = std::move(verifier)](std::string_view token, const claims&) {
      return verifier.verify(token);
    }}) {
}

caf::actor authenticator::service() const {
  auto actor = std::get_if<caf::actor>(&service_);
  return actor != nullptr ? *actor : caf::actor{};
}

caf::expected<user> authenticator::verify(std::string_view token,
                                          const claims& handshake) const {
  auto who = detail::guarded(
    [&] { return std::get<function>(service_)(token, handshake); },
    [](caf::error why) -> caf::expected<user> { return why; });
  if (!who)
    return detail::without_token(std::move(who.error()), token);
  return who;
}

} // namespace flamigo
