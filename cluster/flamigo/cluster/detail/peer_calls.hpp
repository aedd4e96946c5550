#pragma once

#include <cstdint>
#include <string>

#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>

#include "flamigo/cluster/detail/call_note.hpp"
#include "flamigo/cluster/detail/node_call.hpp"
#include "flamigo/cluster/detail/peer_answers.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/strategy/strategy.hpp"

namespace flamigo::detail {

/// Calls of hosted strategies between this node and another one. A part of
/// `peer`.
class peer_calls {
public:
  /// Whose part it is, what keeps the answers, and the program whose strategies
  /// that node calls; null if it may not.
  peer_calls(caf::event_based_actor& self, peer_answers& answers,
             const services* program)
    : self_(self), answers_(answers), program_(program) {
  }

  /// Has a strategy run there.
  void call(const node_call& what, reply_address asker);

  /// That node wants one to run here. Nobody asks its guard again: the caller's
  /// node has, and what comes from there is believed.
  void called(call_note&& what);

private:
  /// The strategy that is called, if it can be.
  caf::expected<const strategy*> find(const std::string& name) const;

  /// Sends it to what stands for its domain, and the answer back.
  caf::error run(std::uint64_t number, const strategy::hosted_home& at,
                 const context& ctx);

  caf::event_based_actor& self_;
  peer_answers& answers_;
  const services* const program_;
};

} // namespace flamigo::detail
