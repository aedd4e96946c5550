#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "question.hpp"
#include "scenario.hpp"

namespace flamigo::load {

/// Connects, makes one request, closes, and again: an operation is all of that,
/// until the server has closed the socket.
class churn_load : public scenario {
public:
  explicit churn_load(const options& what);

  void opened(connection& who) override;

  void received(connection& who, std::string_view text) override;

  void closed(connection& who, std::string_view failure) override;

protected:
  void perform() override;

  void complete(report& out) const override;

private:
  struct visit {
    clock::time_point begun;
    std::uint64_t id = 0;
    bool answered = false;
  };

  void begin(std::size_t index);

  question asking_;
  std::vector<visit> visits_;
  std::uint64_t last_id_ = 0;
  std::size_t under_way_ = 0;
  std::string text_;
};

} // namespace flamigo::load
