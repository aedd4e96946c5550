#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "question.hpp"
#include "scenario.hpp"

namespace flamigo::load {

/// Connections that do nothing, for the memory that each of them takes and the
/// CPU time of the pings that it is sent. At the end each makes one request,
/// all at once; these are the operations.
class idle_load : public scenario {
public:
  explicit idle_load(const options& what);

  void received(connection& who, std::string_view text) override;

protected:
  void perform() override;

  void complete(report& out) const override;

private:
  question asking_;
  std::optional<double> bytes_per_connection_;
  std::optional<double> cpu_ms_per_second_;
  /// When each connection sent its request; nothing if that was answered.
  std::vector<std::optional<clock::time_point>> sent_;
  std::uint64_t in_flight_ = 0;
};

} // namespace flamigo::load
