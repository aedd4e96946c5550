#pragma once

#include <caf/event_based_actor.hpp>

#include "flamigo/detail/reply_port.hpp"
#include "flamigo/domain_behavior.hpp"
#include "flamigo/invocation.hpp"
#include "flamigo/strategy_reply.hpp"

namespace flamigo::detail {

/// Runs the strategies of a domain actor, whatever its state is.
class domain_host : public caf::event_based_actor, private reply_port {
public:
  explicit domain_host(caf::actor_config& cfg);

  ~domain_host() override;

  const domain_behavior& behavior() const noexcept {
    return behavior_;
  }

protected:
  void behavior(domain_behavior what);

  caf::behavior make_behavior() override;

private:
  caf::result<strategy_reply> run(invocation& what);

  reply_address defer() override;

  domain_behavior behavior_;
};

} // namespace flamigo::detail
