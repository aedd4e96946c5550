#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/event_stage.hpp"
#include "flamigo/cluster/detail/journal_frame.hpp"
#include "flamigo/cluster/detail/journal_inquiry.hpp"
#include "flamigo/cluster/detail/journal_numbers.hpp"
#include "flamigo/cluster/detail/journal_past.hpp"
#include "flamigo/cluster/detail/journal_state.hpp"
#include "flamigo/cluster/detail/journal_transport.hpp"
#include "flamigo/cluster/detail/own_events.hpp"
#include "flamigo/cluster/detail/received_events.hpp"
#include "flamigo/cluster/journal_status.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

/// What a journal's stage is told by who makes it.
struct journal_options {
  /// Of this node: new with every start of a process.
  std::string id;
  /// Has `journal_stage::work` called on the relay's thread, soon. Any thread.
  std::function<void()> wake;
  /// Events of channels with history have passed this node by. On the relay's
  /// thread.
  std::function<void()> on_lost;
};

/// Where the events of channels with history pass by on all nodes: each is
/// written into the journal that they share, and handed on to the node's own
/// history when it comes back from there. So all nodes have the same events in
/// the same order, and count alike.
///
/// A node that starts is told by another one how far all topics are, and reads
/// what its history is to hold; until then who asks for a history waits. It
/// does no I/O and has no clock. Its members are for the relay's thread, except
/// where it says otherwise.
class journal_stage final : public event_stage, public journal_receiver {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// How long who asks for a history waits, before it is refused.
  static constexpr std::chrono::seconds hold_limit{5};

  /// The others outlive it. Whoever asks `kept` waits from now on.
  journal_stage(const bus& events, event_stage& local, memory_history& kept,
                journal_transport& transport, journal_options options);

  void start(time_point now);

  /// Nothing is read or written any more, and what waits fails.
  void stop();

  void tick(time_point now);

  /// Writes what was published.
  void work();

  /// Any thread.
  journal_status status() const;

  // -- event_stage: any thread ------------------------------------------------

  bool takes(const event& what) const override;

  caf::error pass(const event_ptr& what, caf::execution_unit* unit,
                  delivery then) override;

  // -- journal_receiver -------------------------------------------------------

  void opened(const journal_facts& what) override;

  void closed(const std::string& why, bool refused) override;

  void came(const journal_entry& what) override;

  void counted(std::uint64_t reading, std::uint64_t number) override;

  void asked(std::string_view question) override;

  void answered(std::string_view answer) override;

private:
  enum class phase {
    /// The journal is not there.
    closed,
    /// Another node is asked how far all is.
    asking,
    /// What had happened by then is read.
    replaying,
    /// All that the journal has is read, since nobody has answered.
    reading,
    live,
  };

  void set_reason(std::string why, log::level level = log::level::warning);

  void hold();

  void lose(const std::string& why);

  void find_state();

  void begin_replay(journal_note&& what);

  void take_past(const journal_entry& what);

  void end_replay();

  void read_all();

  void end_reading();

  void arrive();

  bool is_reading() const noexcept;

  void read_from(std::uint64_t seq);

  void take(std::uint64_t seq, std::string_view body);

  void apply(std::uint64_t seq, journal_frame& what, bool is_past);

  void write_begin();

  void write_own();

  void name_writer();

  bool may_write() const;

  const bus& bus_;
  event_stage& local_;
  memory_history& kept_;
  journal_transport& transport_;
  const journal_options options_;
  std::shared_ptr<journal_numbers> numbers_
    = std::make_shared<journal_numbers>();
  received_events events_;
  journal_state state_;
  own_events own_;
  phase now_at_ = phase::closed;
  journal_facts facts_;
  /// What the journal has, or it is another one.
  std::uint64_t least_last_ = 0;
  time_point now_;
  time_point heard_;
  // -- what is read -----------------------------------------------------------
  std::uint64_t reading_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t next_ = 1;
  // -- what had happened before -----------------------------------------------
  journal_inquiry inquiry_;
  journal_past past_;
  // -- what is written --------------------------------------------------------
  std::uint64_t writers_ = 0;
  time_point wrote_begin_;
  time_point progress_;
  std::chrono::milliseconds retry_;
  // -- who waits --------------------------------------------------------------
  std::optional<time_point> held_since_;
  bool is_refusing_ = false;
  // -- other threads ----------------------------------------------------------
  std::atomic<const event*> applying_ = nullptr;
  std::atomic<std::size_t> max_bytes_;
  std::atomic<std::uint64_t> position_ = 0;
  std::atomic<bool> has_ended_ = false;
  mutable std::mutex mtx_;
  std::string reason_ = "the journal was not found yet";
};

} // namespace flamigo::detail
