#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>

#include <caf/actor_control_block.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>

#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/strategy/detail/stream_source.hpp"
#include "flamigo/strategy/strategy.hpp"
#include "flamigo/task/detail/awaitable_tag.hpp"
#include "flamigo/task/detail/response_waiter.hpp"

namespace flamigo::detail {

/// Reads a stream that a domain actor runs; one item each time that it is
/// awaited. Whoever lets go of it ends the stream.
class part_reader : public awaitable_tag, private response_waiter {
public:
  explicit part_reader(caf::event_based_actor& self) noexcept : self_(self) {
  }

  part_reader(const part_reader&) = delete;

  part_reader& operator=(const part_reader&) = delete;

  ~part_reader() override;

  /// Calls the strategy; to be called once, before it is awaited.
  caf::error begin(const strategy::hosted_home& to, const context& ctx);

  // -- awaiting ---------------------------------------------------------------

  bool await_ready() noexcept;

  using response_waiter::await_suspend;

  /// The text is there until the next one is awaited; none at the end.
  caf::expected<std::optional<std::string_view>> await_resume();

private:
  void take(caf::mailbox_element& what) override;

  /// Gives credit for what was read, when half of all has been.
  void pull();

  caf::event_based_actor& self_;
  stream_source_ptr source_;
  /// The call of the strategy, which ends with this.
  std::shared_ptr<call_state> call_;
  /// The actor that runs the stream.
  caf::strong_actor_ptr from_;
  /// What has come; the first one has been read up to `next_`.
  std::deque<stream_part> parts_;
  std::size_t next_ = 0;
  /// Items and bytes that were not read.
  std::size_t items_ = 0;
  std::size_t bytes_ = 0;
  /// Credit that was not used.
  std::size_t credit_ = stream_source::window;
  bool is_over_ = false;
  /// Why it is let go of, as whoever runs the stream is told.
  errc why_ = errc::cancelled;
};

} // namespace flamigo::detail
