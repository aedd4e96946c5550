#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include <caf/expected.hpp>

#include "flamigo/bus/detail/event_kind.hpp"
#include "flamigo/bus/event.hpp"
#include "flamigo/cluster/detail/event_note.hpp"

namespace flamigo::detail {

/// Makes events of what other nodes say of theirs: of the same C++ type where
/// some part of this program publishes or listens to it.
class received_events {
public:
  /// Two types of the same name are told of in the log, and are none.
  received_events();

  /// Fails if it does not fit its type, or names no topic.
  caf::expected<event_ptr> make(event_note&& what);

  /// Events of types that are not known here.
  std::uint64_t unknown() const noexcept {
    return unknown_;
  }

private:
  std::unordered_map<std::string, const event_kind*> kinds_;
  std::uint64_t unknown_ = 0;
};

} // namespace flamigo::detail
