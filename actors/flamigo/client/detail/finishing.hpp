#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "flamigo/client/client_environment.hpp"
#include "flamigo/wire/close_reason.hpp"

namespace flamigo::detail {

/// A connection actor whose client has gone and that finishes what must be,
/// counted as long as it does.
class finishing {
public:
  /// More of them could be had for the price of a connection each.
  static constexpr std::size_t max = 1'000;

  /// Null if there are too many.
  static std::unique_ptr<finishing> begin(const client_environment& env,
                                          const close_reason& why) {
    std::unique_ptr<finishing> result{new finishing(env, why)};
    if (result->before_ < max)
      return result;
    return nullptr;
  }

  finishing(const finishing&) = delete;

  finishing& operator=(const finishing&) = delete;

  ~finishing() {
    --*count_;
  }

  const close_reason why;

private:
  finishing(const client_environment& env, const close_reason& reason)
    : why(reason), count_(env.finishing), before_((*count_)++) {
  }

  std::shared_ptr<std::atomic<std::size_t>> count_;
  std::size_t before_;
};

} // namespace flamigo::detail
