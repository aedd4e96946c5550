#pragma once

#include <memory>
#include <utility>

#include "flamigo/remote/detail/remote_listeners.hpp"

namespace flamigo {

/// A function that listens. A handle: the function goes on when it goes.
class remote_listener {
public:
  /// Of no function.
  remote_listener() = default;

  /// @private
  explicit remote_listener(std::shared_ptr<detail::remote_ear> ear)
    : ear_(std::move(ear)) {
  }

  /// Any thread: it is not called any more, except where that is just
  /// happening.
  void stop() const {
    if (ear_)
      ear_->ended = true;
  }

private:
  std::shared_ptr<detail::remote_ear> ear_;
};

} // namespace flamigo
