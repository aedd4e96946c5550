#pragma once

#include <vector>

#include "flamigo/limit/detail/pacer.hpp"
#include "flamigo/limit/rate_limit.hpp"

namespace flamigo::detail {

class caller_state;

/// The limits of one strategy. For any thread; must outlive the callers that it
/// has admitted, or be theirs no more.
class call_limits {
public:
  explicit call_limits(const std::vector<rate_limit>& what);

  call_limits(const call_limits&) = delete;

  call_limits& operator=(const call_limits&) = delete;

  /// Counts a call and returns 0, or counts nothing and returns how long its
  /// caller has to wait. What everybody shares may count one that is refused
  /// by a later limit of the same kind.
  caf::timespan admit(caller_state& who, pacer_clock::time_point now);

private:
  /// Of each caller; where they stand is where its state is.
  std::vector<rate> of_caller_;
  struct shared {
    rate how_often;
    shared_pacer state;
  };
  std::vector<shared> of_all_;
};

} // namespace flamigo::detail
