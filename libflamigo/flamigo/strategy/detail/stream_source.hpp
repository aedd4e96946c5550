#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/timespan.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/task/detail/item_sink.hpp"
#include "flamigo/task/detail/json_stream.hpp"
#include "flamigo/task/detail/root_task.hpp"

namespace flamigo::detail {

/// Some items of a stream on their way to who reads it.
struct stream_part {
  /// The JSON texts of the items, one behind the other.
  std::string text;
  /// Where each of them ends.
  std::vector<std::size_t> ends;
  /// Whether nothing comes behind them but the error, if there is one.
  bool is_last = false;
  caf::error why;
};

/// A stream that one actor runs for another one, which reads it. Who reads
/// gives credit for as many items as it has room for, and so many are made
/// ahead, in parts as large as what there is. Made by who reads and only used
/// by the actor that runs the stream; it may go on any thread.
class stream_source final : public item_sink {
public:
  /// Items that are made ahead of who reads, at most.
  static constexpr std::size_t window = 32;

  /// The same in bytes, and one item.
  static constexpr std::size_t max_bytes = 65'536;

  // -- in the actor that runs it ----------------------------------------------

  /// Begins. The first part goes to this address, as a CAF response.
  static void begin(const std::shared_ptr<stream_source>& what,
                    caf::event_based_actor& self, json_stream rows,
                    const context& of, reply_address first);

  /// Gives credit and asks for the next part.
  void pull(std::size_t credit, reply_address asker);

  // -- item_sink --------------------------------------------------------------

  bool put(std::string_view json) override;

  void flush() override;

  void kept(root_task& by) noexcept override;

  void end(root_task& by, caf::error why) override;

private:
  /// Who waits for a part. The task has it, so that it is told of the end of
  /// the actor.
  reply_address& asker() noexcept;

  void end(caf::error why);

  stream_part part_;
  std::size_t credit_ = window;
  caf::event_based_actor* self_ = nullptr;
  /// Null before it waits for something, and when it has ended.
  root_task* by_ = nullptr;
  reply_address asker_;
};

/// What each side has of a stream between two actors.
using stream_source_ptr = std::shared_ptr<stream_source>;

/// A request to the actor that runs it: answered with a `stream_part`.
struct stream_pull {
  stream_source_ptr of;
  std::size_t credit;
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::stream_part)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::stream_pull)
