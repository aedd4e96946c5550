#pragma once

#include <mutex>
#include <string>
#include <unordered_set>

#include <flamigo/domain/domain_actor.hpp>

#include "server_report.hpp"

namespace flamigo::soak {

/// Counts connections by the events of their beginning and end. It outlives the
/// application, so that what came last is counted as well. Thread-safe.
class census {
public:
  void begun(const std::string& connection);

  void ended(const std::string& connection);

  void heard(bool next);

  void write(server_report& out) const;

private:
  mutable std::mutex mutex_;
  std::unordered_set<std::string> open_;
  server_report counts_;
};

/// The domain actor that hears it all.
flamigo::domain_behavior census_taker(flamigo::domain_actor<>* self,
                                      census* all);

} // namespace flamigo::soak
