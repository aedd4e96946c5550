#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "flamigo/cluster/detail/node_frame.hpp"

namespace flamigo::detail {

/// What is wanted on this node: written by whoever subscribes, on any thread,
/// read by the relay. A wish that comes and goes before it is read was none, so
/// that what waits is bounded by what there is.
class wish_log {
public:
  /// Any thread. True if the relay has to be told that there is something.
  bool note(std::string_view pattern, bool wanted);

  // -- on the relay's thread --------------------------------------------------

  /// Takes what has changed, as notes of some 48 KiB at most, each with a
  /// version of its own.
  std::vector<wish_note> take();

  /// All there is, as `take` has left it, in notes of that size.
  std::vector<wish_note> all() const;

  /// That of the last note.
  std::uint64_t version() const noexcept {
    return version_;
  }

  std::size_t size() const noexcept {
    return all_.size();
  }

private:
  std::mutex mtx_;
  std::unordered_map<std::string, bool> changes_;

  // -- of the relay's thread --------------------------------------------------

  std::unordered_set<std::string> all_;
  std::uint64_t version_ = 0;
};

} // namespace flamigo::detail
