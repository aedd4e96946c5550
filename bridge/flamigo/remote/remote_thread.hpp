#pragma once

#include <memory>

namespace flamigo {

namespace detail {

class remote_loop;

} // namespace detail

/// A thread that several connections to servers share, such as those of users
/// in a test of load. A handle: it ends when its last copy and the last of
/// those connections are gone.
class remote_thread {
public:
  /// Starts it. Throws std::system_error when that is not possible.
  remote_thread();

  /// @private
  const std::shared_ptr<detail::remote_loop>& loop() const noexcept {
    return loop_;
  }

private:
  std::shared_ptr<detail::remote_loop> loop_;
};

} // namespace flamigo
