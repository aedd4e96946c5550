#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include <caf/actor_clock.hpp>
#include <caf/error.hpp>
#include <caf/event_based_actor.hpp>

#include "flamigo/cluster/detail/node_frame.hpp"
#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/context/detail/reply_port.hpp"

namespace flamigo::detail {

/// The answers that are open between this node and another one, in both
/// directions, each under a number: of questions to users, of events that are
/// waited for, and of calls. A part of `peer`.
class peer_answers {
public:
  using time_point = caf::actor_clock::time_point;

  /// In each direction. One more fails with `errc::too_many_requests`.
  static constexpr std::size_t max_open = 4'096;

  /// Whose part it is, what sends a frame to that node (false: it is lost), and
  /// the number of the stream that it sends.
  peer_answers(caf::event_based_actor& self,
               std::function<bool(node_frame)> send, std::uint64_t stream)
    : self_(self), send_(std::move(send)), last_(stream << 32) {
  }

  // -- of that node -----------------------------------------------------------

  /// Keeps who waits for it until then, under a number that no other one has;
  /// none if he has been told why it is not asked for. `call` is what may be
  /// cancelled.
  std::optional<std::uint64_t> open(reply_address asker, time_point deadline,
                                    std::shared_ptr<call_state> call = nullptr);

  /// Sends what asks for it, or tells who waits that this is not possible.
  void ask(std::uint64_t number, node_frame what);

  /// It has come. One that nobody waits for is ignored.
  void answered(answer_note&& what);

  /// Whoever has asked does not want to know any more.
  void withdraw(caf::actor_id asker);

  /// The same of a call.
  void withdraw(const call_notice& what);

  // -- of this one ------------------------------------------------------------

  /// Keeps that that node waits, until then, and what goes on for it; null if
  /// nothing can be cancelled. False if nothing is to begin: it was asked
  /// before, or has been told that too many are open.
  bool begin(std::uint64_t number, std::shared_ptr<call_state> call,
             time_point deadline = time_point::max());

  /// What was begun has succeeded; none is `null`. Says so, unless nobody waits
  /// any more.
  void succeed(std::uint64_t number, std::optional<raw_json> payload);

  /// The same when it has failed.
  void fail(std::uint64_t number, const caf::error& why);

  /// Nothing was begun.
  void refuse(std::uint64_t number, const caf::error& why);

  /// That node does not want to know any more.
  void withdrawn(std::uint64_t number);

  // -- of both ----------------------------------------------------------------

  /// Ends those whose time is up.
  void expire(time_point now);

  /// The node has gone, for good.
  void fail_all();

  /// In how many milliseconds that is, as notes say it; none for never.
  std::optional<std::uint64_t> time_until(time_point when) const;

  /// The opposite.
  time_point time_in(std::optional<std::uint64_t> timeout) const;

private:
  struct waiting {
    caf::actor_id asker;
    std::unique_ptr<late_reply> answer;
    time_point deadline;
    std::shared_ptr<call_state> call;
  };

  struct running {
    std::shared_ptr<call_state> call;
    time_point deadline;
  };

  bool answer(answer_note what);

  caf::event_based_actor& self_;
  const std::function<bool(node_frame)> send_;
  /// The upper half tells the streams apart: a node that had given this one up
  /// would begin with its old numbers.
  std::uint64_t last_;
  std::unordered_map<std::uint64_t, waiting> mine_;
  std::unordered_map<std::uint64_t, running> theirs_;
  bool has_gone_ = false;
};

} // namespace flamigo::detail
