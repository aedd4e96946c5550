#pragma once

#include <string_view>

#include "flamigo/history/history_position.hpp"

namespace flamigo {

/// Numbers the events of a `memory_history` in place of its own count: a seam
/// for several processes that give the same events the same offsets.
///
/// It is asked under a lock of the topic, on any thread: what it says and what
/// the history has fit together for whoever reads. It must not call the
/// history. As of any history, no two topics have the same epoch: a connection
/// tells its channels apart by them.
class history_numbers {
public:
  virtual ~history_numbers();

  /// How far a topic is that begins in this history. Its epoch is not 0.
  virtual history_position newest(std::string_view topic) = 0;

  /// Where the event stands that is being appended; from now on it is the
  /// newest. If that does not go on where the history has come to, what is kept
  /// of the topic is forgotten: nobody is given another event's offset.
  virtual history_position next(std::string_view topic) = 0;
};

} // namespace flamigo
