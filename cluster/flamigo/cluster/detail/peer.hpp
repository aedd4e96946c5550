#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include <caf/event_based_actor.hpp>

#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/bus/detail/homed_actor.hpp"
#include "flamigo/bus/detail/subscription_table.hpp"
#include "flamigo/cluster/cluster_status.hpp"
#include "flamigo/cluster/detail/node_frame.hpp"
#include "flamigo/cluster/detail/outbox.hpp"
#include "flamigo/cluster/detail/stream_check.hpp"

namespace flamigo::detail {

/// Another node, as an actor of this one: it subscribes to what is wanted
/// there, and sends there what it hears. What waits for it is bounded by its
/// home; beyond that it leaves a gap in its stream, which the other node sees.
///
/// All members are for its home's thread, except those of `homed_actor`.
class peer final : public caf::event_based_actor, public homed_actor {
public:
  /// `out` and `wishes` are the relay's, which outlives what it does with this.
  peer(caf::actor_config& cfg, home_unit& home, outbox& out,
       subscription_table& wishes, std::string id, std::uint64_t stream);

  const char* name() const override {
    return "peer";
  }

  const std::string& node_id() const noexcept {
    return node_id_;
  }

  // -- to that node -----------------------------------------------------------

  /// Sends a frame, which gets the next number.
  void send(node_frame what);

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
  /// that is none; the others are taken.
  bool take_wishes(wish_note&& what);

  /// Whether all that is wanted there is known, as far as can be told: a list
  /// of it has come to its end, and nothing was missing since.
  bool in_step = false;

  /// When it was asked to say all of it again.
  std::chrono::steady_clock::time_point asked;

  /// Which version of this node's wishes it knows.
  std::uint64_t known_version = 0;

  /// For people.
  std::string title;

  /// Frames.
  std::uint64_t received = 0;
  std::uint64_t lost = 0;

  cluster_peer status() const;

  // -- homed_actor ------------------------------------------------------------

  home_unit* home() const noexcept override {
    return &home_;
  }

  void hear(const event_ptr& what) override;

  void accept_event(const event_ptr& what) override;

  void accept_message(caf::mailbox_element_ptr what) override;

  void overrun() override;

protected:
  caf::behavior make_behavior() override;

private:
  bool subscribe(const std::string& pattern);

  void unsubscribe(const std::string& pattern);

  home_unit& home_;
  outbox& out_;
  subscription_table& table_;
  const std::string node_id_;
  const std::uint64_t stream_;
  std::uint64_t seq_ = 0;
  std::uint64_t dropped_ = 0;
  /// Events that did not get as far as this thread.
  std::atomic<std::uint64_t> overruns_ = 0;
  std::unordered_set<std::string> wishes_;
  /// Those of a list that is on its way.
  std::unordered_set<std::string> listed_;
  bool is_listing_ = false;
};

} // namespace flamigo::detail
