#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include <caf/event_based_actor.hpp>

#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/bus/detail/subscription_table.hpp"
#include "flamigo/client/detail/users_elsewhere.hpp"
#include "flamigo/cluster/cluster_status.hpp"
#include "flamigo/cluster/detail/cluster_presence.hpp"
#include "flamigo/cluster/detail/node_frame.hpp"
#include "flamigo/cluster/detail/note_copy.hpp"
#include "flamigo/cluster/detail/outbox.hpp"
#include "flamigo/cluster/detail/peer_answers.hpp"
#include "flamigo/cluster/detail/peer_calls.hpp"
#include "flamigo/cluster/detail/peer_questions.hpp"
#include "flamigo/cluster/detail/stream_check.hpp"

namespace flamigo::detail {

/// Another node, as an actor of this one: it subscribes to what is wanted
/// there, and sends there what it hears. What waits for it is bounded by its
/// home; beyond that it leaves a gap in its stream, which the other node sees.
/// Questions to users who are there are asked of it, and calls that are to run
/// there are sent to it.
///
/// All members are for its home's thread, except those of `homed_actor` and
/// CAF's.
class peer final : public caf::event_based_actor,
                   public homed_actor,
                   public users_elsewhere {
public:
  /// What all peers of a node share, which outlives what they do.
  struct surroundings {
    home_unit& home;
    outbox& out;
    /// What is wanted elsewhere.
    subscription_table& wishes;
    /// Null where nobody wants to know who is in which channel.
    cluster_presence* people;
    ask_here ask;
    /// The program whose strategies that node calls; null if it may not.
    const services* program;
    /// Of each.
    std::size_t max_wishes;
  };

  peer(caf::actor_config& cfg, surroundings& in, std::string id,
       std::uint64_t stream);

  const char* name() const override {
    return "peer";
  }

  const std::string& node_id() const noexcept {
    return node_id_;
  }

  // -- to that node -----------------------------------------------------------

  /// Sends a frame, which gets the next number. False when it is lost, which
  /// the other node sees, unless it is a call or an answer.
  bool send(node_frame what);

  /// How far it has come.
  sent_note sent() const;

  // -- from that node ---------------------------------------------------------

  /// What comes from there.
  stream_check arrivals;

  /// What is missing of it and was not told yet.
  stream_check::gap gap;

  /// When something came last.
  std::chrono::steady_clock::time_point heard;

  /// Subscribes it to what is wanted there. False if the note has a pattern
  /// that is none, or is one too many; the others are taken.
  bool take_wishes(wish_note&& what);

  /// The same with who is in its channels.
  bool take_members(member_note&& what);

  /// Some of what is wanted there, or of who is there, is not known.
  void miss() noexcept;

  /// Whether all that is wanted there is known, as far as can be told.
  bool knows_wishes() const noexcept {
    return wishes_.is_complete();
  }

  /// Whether all of it is known.
  bool in_step() const noexcept;

  /// What is open between here and there, whichever of the next two it is of.
  peer_answers answers;

  peer_questions questions;

  peer_calls calls;

  /// Nobody is there any more.
  void leave();

  /// When it was asked to say all of it again.
  std::chrono::steady_clock::time_point asked;

  /// Which version of this node's wishes it knows.
  std::uint64_t known_version = 0;

  /// For people.
  std::string title;

  /// What has a place in a history comes there by the journal, as far as is
  /// known.
  bool reads_journal = true;

  /// Frames.
  std::uint64_t received = 0;
  std::uint64_t lost = 0;

  /// Clients that are connected there.
  std::uint64_t connections = 0;

  /// The leases of clustered domains for which it competes.
  std::vector<std::string> domains;

  cluster_peer status() const;

  // -- homed_actor ------------------------------------------------------------

  home_unit* home() const noexcept override {
    return &in_.home;
  }

  void hear(const event_ptr& what) override;

  void accept_event(const event_ptr& what) override;

  void accept_message(caf::mailbox_element_ptr what) override;

  void overrun() override;

  // -- CAF's actor ------------------------------------------------------------

  /// For its home, which CAF's scheduler runs no such one in place of.
  subtype_t subtype() const override {
    return io_actor;
  }

  using caf::event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what,
               caf::execution_unit* from) override;

protected:
  caf::behavior make_behavior() override;

private:
  /// Who waits for the answer to the message that it has.
  reply_address asker();

  /// They have numbers as well, by which the other node sees them missing.
  void count_overruns();

  surroundings& in_;
  const std::string node_id_;
  const std::uint64_t stream_;
  std::uint64_t seq_ = 0;
  std::uint64_t dropped_ = 0;
  /// Events that did not get as far as this thread.
  std::atomic<std::uint64_t> overruns_ = 0;
  note_copy<wish_note> wishes_;
  note_copy<member_note> members_;
};

} // namespace flamigo::detail
