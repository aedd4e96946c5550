#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "question.hpp"
#include "scenario.hpp"

namespace flamigo::load {

/// Every connection has the same number of requests in flight, and makes the
/// next when a reply has come. Replies may overtake each other.
class request_load : public scenario {
public:
  explicit request_load(const options& what);

  void received(connection& who, std::string_view text) override;

protected:
  void perform() override;

  void complete(report& out) const override;

private:
  // A place in flight: its requests are numbered `index + k * slots_.size()`.
  struct slot {
    std::uint64_t id = 0;
    bool busy = false;
    clock::time_point sent;
  };

  void request(connection& who, slot& in);

  question asking_;
  std::vector<slot> slots_;
  std::size_t in_flight_ = 0;
  std::string text_;
};

} // namespace flamigo::load
