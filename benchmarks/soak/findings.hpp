#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../load/poller.hpp"

namespace flamigo::soak {

/// The promises that the server has broken: a sentence each, how often, and
/// what was seen the first time.
class findings {
public:
  using time_point = load::clock::time_point;

  /// Notes a broken promise. It counts when the server has lived on for a
  /// moment: when a process ends, its sockets end first.
  void add(time_point when, std::string_view promise, std::string detail);

  /// What was noted long enough ago counts from now on.
  void settle(time_point now);

  /// What was noted last came of the end of the server, which is the finding.
  void forget_latest() {
    latest_.clear();
  }

  bool empty() const {
    return all_.empty() && latest_.empty();
  }

  /// Writes a line for each promise.
  void print(std::ostream& out) const;

private:
  struct entry {
    std::uint64_t count = 0;
    std::string first;
  };

  struct note {
    time_point when;
    std::string promise;
    std::string detail;
  };

  std::map<std::string, entry> all_;
  std::vector<note> latest_;
};

} // namespace flamigo::soak
