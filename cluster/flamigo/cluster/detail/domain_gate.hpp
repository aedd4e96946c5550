#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor_control_block.hpp>

#include "flamigo/cluster/detail/held_lease.hpp"
#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/domain/domain_placement.hpp"
#include "flamigo/strategy/detail/begun_call.hpp"
#include "flamigo/strategy/detail/invocation.hpp"

namespace flamigo::detail {

/// Where calls go to a domain that lives on one node of several. It has them
/// run by the domain's actor if this node holds its lease, else by the node
/// that does. What is answered when the lease is not held any more is not
/// passed on, since it may be about what another node knows better.
class domain_gate final : public enduring_actor, private reply_port {
public:
  /// The actor that stands for another node; null if that is not there.
  using node_finder
    = std::function<caf::strong_actor_ptr(const std::string& id)>;

  domain_gate(caf::actor_config& cfg, const flamigo::services& what,
              const placed_domain& domain,
              std::shared_ptr<const held_lease> lease, node_finder find);

  const char* name() const override {
    return "domain_gate";
  }

  std::string title() const override;

protected:
  caf::behavior make_behavior() override;

private:
  using answer_ptr = std::shared_ptr<late_reply>;

  /// What another node has sent goes to no third one.
  enum class comes_from {
    here,
    another_node
  };

  caf::result<strategy_reply> run(invocation& what, comes_from whom);

  /// By the domain's actor, under this token.
  caf::expected<sent_call> send_here(std::size_t index,
                                     const flamigo::context& ctx);

  /// By the node that has it.
  caf::expected<sent_call> send_there(std::size_t index,
                                      const flamigo::context& ctx);

  /// Passes the answer on; the token is 0 for one of another node.
  void follow(sent_call what, const flamigo::context& of, std::uint64_t token);

  caf::error unavailable(const std::string& why) const;

  reply_address defer() override;

  const flamigo::services& services_;
  const std::string domain_;
  const std::vector<std::string> strategies_;
  const std::shared_ptr<domain_slot> home_;
  const std::shared_ptr<const held_lease> lease_;
  const node_finder find_;
};

} // namespace flamigo::detail
