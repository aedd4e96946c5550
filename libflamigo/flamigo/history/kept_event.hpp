#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "flamigo/history/detail/log_chunk.hpp"
#include "flamigo/history/event_place.hpp"
#include "flamigo/wire/laden_text.hpp"

namespace flamigo {

/// One event of a topic's history. It owns what it shows, whatever becomes of
/// the history. A value, read on any thread.
struct kept_event {
  /// Of the topic that it was read from.
  std::uint64_t offset = 0;

  /// What clients get that have it of this topic alone: with the offset.
  std::string_view frame;

  /// The same without any offset, and without the brace at its end: what
  /// `append_offsets` completes.
  std::string_view base;

  /// Everywhere it stands, if it has been published under several topics with a
  /// history; else null.
  std::shared_ptr<const std::vector<event_place>> elsewhere;

  /// What has the text.
  detail::log_chunk_ptr text;

  /// What finds the bytes in its payload; null if there are none.
  ///
  /// @private
  detail::bytes_finder bytes = nullptr;
};

} // namespace flamigo
