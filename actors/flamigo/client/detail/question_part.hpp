#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "flamigo/context/detail/call_part.hpp"
#include "flamigo/context/detail/call_state.hpp"

namespace flamigo::detail {

/// A question that is open, in the actor that was asked: it is withdrawn when
/// whoever has asked is cancelled.
class question_part final : public call_part {
public:
  /// `withdraw` may be the end of this, and throws nothing.
  question_part(std::shared_ptr<call_state> what,
                std::function<void()> withdraw)
    : withdraw_(std::move(withdraw)) {
    join(std::move(what));
  }

private:
  void stop(const caf::error&) noexcept override {
    auto withdraw = std::move(withdraw_);
    withdraw();
  }

  std::function<void()> withdraw_;
};

} // namespace flamigo::detail
