#pragma once

#include <memory>
#include <optional>

#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/timespan.hpp>

#include "flamigo/context/detail/call_state.hpp"
#include "flamigo/context/detail/reply_port.hpp"
#include "flamigo/task/detail/item_sink.hpp"
#include "flamigo/task/detail/json_stream.hpp"

namespace flamigo::detail {

/// Hands the items of a stream on, in this actor, which has the stream from
/// now on until it has ended or the actor ends. From one item to the next it
/// has the time `each`; what it waits for room does not count. If it has not
/// ended at once, the sink is told of its end; it may answer a call there. If
/// it has, returns with which error, if any.
std::optional<caf::error>
pour(caf::event_based_actor& self, json_stream rows,
     std::shared_ptr<item_sink> to, caf::timespan each,
     std::shared_ptr<call_state> call, const reply_address& answer_to);

} // namespace flamigo::detail
