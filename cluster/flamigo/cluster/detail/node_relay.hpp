#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/bus/detail/subscription_table.hpp"
#include "flamigo/bus/event_relay.hpp"
#include "flamigo/cluster/cluster_status.hpp"
#include "flamigo/cluster/detail/cluster_presence.hpp"
#include "flamigo/cluster/detail/departed_nodes.hpp"
#include "flamigo/cluster/detail/node_frame.hpp"
#include "flamigo/cluster/detail/node_transport.hpp"
#include "flamigo/cluster/detail/note_log.hpp"
#include "flamigo/cluster/detail/outbox.hpp"
#include "flamigo/cluster/detail/peer.hpp"
#include "flamigo/cluster/detail/received_events.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

/// What a relay is told by who makes it.
struct node_relay_options {
  /// Of this node: new with every start of a process.
  std::string id;
  /// For people.
  std::string name;
  std::chrono::milliseconds heartbeat;
  std::chrono::milliseconds gone_after;
  /// Has `node_relay::work` called on the relay's thread, soon. Any thread.
  std::function<void()> wake;
  /// Frames of that node have been lost, so many; or nobody knows how many,
  /// since it was away. What comes from now on, comes. On the relay's thread.
  std::function<void(const std::string& node, std::optional<std::uint64_t>)>
    on_gap;
  /// Who is in which channel of all nodes; null where nobody wants to know. It
  /// outlives the relay's work.
  cluster_presence* people = nullptr;
  /// Asks the clients of this node what another one wants to be asked.
  ask_here ask = {};
  /// How many of them there are. Any thread.
  std::function<std::size_t()> connections = {};
  /// Patterns and topics that another node may want; more are not heeded.
  std::size_t max_wishes = 1'000'000;
  /// Whether this one reads the journal of channels with history. Any thread.
  std::function<bool()> reads_journal = {};
  /// The leases of its clustered domains. On the relay's thread.
  std::function<std::vector<std::string>()> domains = {};
  /// Of the program, whose strategies other nodes call; without them they are
  /// told `errc::unavailable`. They outlive the relay's work.
  const flamigo::services* services = nullptr;
};

/// Carries events to the other nodes and back: knows the nodes (`peer`), what
/// is wanted on each, and what has been lost on the way. It does no I/O and has
/// no clock; frames go by a `node_transport`, the time is what `tick` says.
///
/// Its members are for one thread, that of `home`, except where it says
/// otherwise.
class node_relay final : public event_relay, public transport_receiver {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Other nodes; more are not listened to.
  static constexpr std::size_t max_peers = 256;

  /// The others outlive it; the bus, its last call of `tick`.
  node_relay(const bus& events, home_unit& home, node_transport& transport,
             node_relay_options options);

  ~node_relay() override;

  void start(time_point now);

  /// Says good-bye. Nothing is sent or delivered afterwards.
  void stop();

  /// Looks after what is due. Several times a second or so.
  void tick(time_point now);

  /// Tells the others what is wanted here now, and who is here.
  void work();

  /// Calls a function once every node that is there knows all that is wanted
  /// here now: what is published anywhere from then on is not missed by a
  /// subscriber of now, or the gap is seen. Any thread; called on the relay's.
  void confirm(std::function<void()> then);

  /// As the last `tick` has left it. Any thread.
  cluster_status status() const;

  /// What stands for another node here, to which calls are sent (`node_call`);
  /// null when it is not there. Any thread.
  caf::strong_actor_ptr find_node(const std::string& id) const;

  // -- event_relay: any thread ------------------------------------------------

  void relay(const event_ptr& what) noexcept override;

  std::vector<caf::strong_actor_ptr>
  subscribers(std::span<const topic> topics) const override;

  void wanted(std::string_view pattern) override;

  void unwanted(std::string_view pattern) noexcept override;

  // -- transport_receiver -----------------------------------------------------

  void received(std::string_view frame) override;

  void connected() override;

  void disconnected(std::string why) override;

private:
  struct question {
    std::uint64_t version;
    std::function<void()> then;
  };

  peer* find(const std::string& id);

  peer& meet(const std::string& id);

  void give_up(peer& who);

  void tell_of_absent();

  void part(const std::string& id, log::level level, const std::string& why);

  void take(node_frame&& what);

  void take_leave(peer& from, const hello_note& what);

  void take_lists(peer& from, node_frame&& what);

  void take_wishes(peer& from, wish_note&& what);

  void take_questions(peer& from, node_frame&& what);

  /// With the number of the question whether it was handled, if there is one.
  void take_event(peer& from, event_note&& what,
                  std::optional<std::uint64_t> number);

  bool reads_journal() const;

  /// Events with a place in a history are to be relayed where a node does not
  /// read the journal.
  void note_readers();

  void take_hello(peer& from, hello_note&& what);

  void look_for_gaps(peer& from);

  void tell_gap(peer& from);

  void tell_gap(const std::string& node, std::optional<std::uint64_t> count);

  void ask_for_lists(peer& from);

  void say_hello(bool bye = false);

  void list_all(peer& to);

  /// Sends a part of a frame, again and again.
  template <class Note>
  void send_to_all(const std::vector<Note>& notes,
                   std::optional<Note> node_frame::*part);

  template <class Note>
  static void
  send(peer& to, const Note& note, std::optional<Note> node_frame::*part);

  void answer_questions();

  void note_status();

  const bus& bus_;
  node_transport& transport_;
  const node_relay_options options_;
  outbox out_;
  received_events events_;
  /// What is wanted elsewhere; the subscribers are peers.
  mutable subscription_table elsewhere_;
  note_log<wish_note> here_;
  peer::surroundings around_;
  std::map<std::string, caf::actor> peers_;
  departed_nodes departed_;
  std::uint64_t streams_ = 0;
  /// The sums of those that are gone.
  cluster_peer departed_sums_;
  std::uint64_t gaps_ = 0;
  time_point now_;
  time_point said_hello_;
  bool hello_is_due_ = false;
  bool running_ = false;
  /// Read by who subscribes.
  std::atomic<bool> has_ended_ = false;
  /// Read by who publishes.
  std::atomic<bool> all_read_journal_ = true;
  bool was_connected_ = false;
  bool is_connected_ = false;
  /// When that has changed last.
  time_point connected_at_ = time_point::min();
  time_point disconnected_at_ = time_point::min();
  std::vector<question> questions_;
  mutable std::mutex mtx_;
  cluster_status status_;
  std::vector<std::function<void()>> asked_;
  std::unordered_map<std::string, caf::strong_actor_ptr> nodes_;
};

} // namespace flamigo::detail
