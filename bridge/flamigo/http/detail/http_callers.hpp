#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "flamigo/claims/claims.hpp"
#include "flamigo/limit/caller_table.hpp"
#include "flamigo/limit/rate.hpp"

namespace flamigo::detail {

class call_limits;

/// How often those who ask over HTTP may: users together with what they say
/// over other connections, and who is nobody under a name of his own. From any
/// thread.
class http_callers {
public:
  using time_point = caller_table::time_point;

  /// Has users counted there, with a limit for all that each of them says.
  /// Before anything is counted.
  void share(std::shared_ptr<caller_table> users, const rate& messages) {
    users_ = std::move(users);
    messages_ = messages;
  }

  /// Counts a request for what has these limits and returns 0, or returns how
  /// long to wait. Of what is refused by one of the limits some may be counted.
  caf::timespan admit(const claims& who, std::string_view guest,
                      const std::vector<call_limits*>& limits, time_point now);

private:
  std::shared_ptr<caller_table> users_ = std::make_shared<caller_table>();
  caller_table guests_;
  rate messages_;
};

} // namespace flamigo::detail
