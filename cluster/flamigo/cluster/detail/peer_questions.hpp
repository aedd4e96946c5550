#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/client/detail/client_question.hpp"
#include "flamigo/cluster/detail/peer_answers.hpp"
#include "flamigo/cluster/detail/question_note.hpp"
#include "flamigo/context/detail/reply_port.hpp"

namespace flamigo::detail {

/// Asks the clients of this process, and has the answer sent to an address.
using ask_here = std::function<void(client_question, reply_address)>;

/// Questions to users between this node and another one, and whether an event
/// was handled by all who listen there. A part of `peer`.
class peer_questions {
public:
  /// Who takes longer for an event has not handled it.
  static constexpr std::chrono::seconds max_handling{60};

  /// Whose part it is, what keeps the answers, and who asks here.
  peer_questions(caf::event_based_actor& self, peer_answers& answers,
                 const ask_here& ask)
    : self_(self), answers_(answers), ask_(ask) {
  }

  // -- to that node -----------------------------------------------------------

  void ask(const client_question& what, reply_address asker);

  /// Has an event handled there.
  void ask(const event_ptr& what, reply_address asker);

  // -- from that node ---------------------------------------------------------

  void asked(question_note&& what);

  /// Publishes it here, or says why it cannot be, and answers when all who
  /// listen are done with it.
  void handle(std::uint64_t number, const caf::expected<event_ptr>& what,
              const bus& events);

private:
  caf::event_based_actor& self_;
  peer_answers& answers_;
  const ask_here& ask_;
};

} // namespace flamigo::detail
