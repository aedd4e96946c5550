#pragma once

#include <cstdint>
#include <memory>

namespace flamigo {

namespace detail {

class remote_runtime;

} // namespace detail

/// A call that was made, or a stream. A handle: copy it freely, use it on any
/// thread. Nothing happens to the call when it goes.
class remote_call {
public:
  /// Of no call.
  remote_call() = default;

  /// Gives the call up, which fails with `errc::cancelled` then, and has the
  /// server stop. Nothing happens when it has ended.
  void cancel() const;

  /// @private
  remote_call(std::weak_ptr<detail::remote_runtime> at,
              std::shared_ptr<std::uint64_t> id);

private:
  std::weak_ptr<detail::remote_runtime> at_;
  /// For the connection's thread.
  std::shared_ptr<std::uint64_t> id_;
};

} // namespace flamigo
