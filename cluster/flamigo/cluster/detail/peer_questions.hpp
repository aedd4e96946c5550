#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

#include <caf/actor_clock.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/client/detail/client_question.hpp"
#include "flamigo/cluster/detail/node_frame.hpp"
#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/context/detail/reply_port.hpp"

namespace flamigo::detail {

/// Asks the clients of this process, and has the answer sent to an address.
using ask_here = std::function<void(client_question, reply_address)>;

/// The questions that are open between this node and another one, in both
/// directions: those to users, and whether an event was handled by all who
/// listen there. A part of `peer`.
class peer_questions {
public:
  using time_point = caf::actor_clock::time_point;

  /// In each direction. One more fails with `errc::too_many_requests`.
  static constexpr std::size_t max_open = 4'096;

  /// Who takes longer for an event has not handled it.
  static constexpr std::chrono::seconds max_handling{60};

  /// Whose part it is, what sends a frame to that node, and who asks here.
  peer_questions(caf::event_based_actor& self,
                 std::function<void(node_frame)> send, const ask_here& ask)
    : self_(self), send_(std::move(send)), ask_(ask) {
  }

  // -- to that node -----------------------------------------------------------

  void ask(const client_question& what, reply_address asker);

  /// Has an event handled there.
  void ask(const event_ptr& what, reply_address asker);

  void answered(answer_note&& what);

  /// Whoever has asked them does not want to know any more.
  void withdraw(caf::actor_id asker);

  /// Answers those whose time is up.
  void expire(time_point now);

  /// The node has gone.
  void fail_all();

  // -- from that node ---------------------------------------------------------

  void asked(question_note&& what);

  /// Publishes it here, or says why it cannot be, and answers when all who
  /// listen are done with it.
  void handle(std::uint64_t number, const caf::expected<event_ptr>& what,
              const bus& events);

  void withdrawn(std::uint64_t number);

private:
  struct open_question {
    caf::actor_id asker;
    std::unique_ptr<late_reply> answer;
    time_point deadline;
  };

  /// Keeps who has asked, under a number; tells him if too many have.
  std::optional<std::uint64_t> open(reply_address asker, time_point deadline);

  void answer(answer_note what);

  void fail(std::uint64_t number, const caf::error& why);

  caf::event_based_actor& self_;
  std::function<void(node_frame)> send_;
  const ask_here& ask_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, open_question> mine_;
  std::unordered_map<std::uint64_t, std::shared_ptr<call_state>> theirs_;
};

} // namespace flamigo::detail
