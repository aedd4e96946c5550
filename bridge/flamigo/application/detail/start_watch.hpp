#pragma once

#include <thread>

namespace flamigo::detail {

/// While one of these lives, an exception that nobody catches on the thread
/// that made it ends the process with its sentence on stderr and the status 2,
/// as a refused configuration does: a mistake in how a program is put together,
/// such as a strategy's name that is taken, is no crash. Whatever else ends
/// without a handler does what it did before.
class start_watch {
public:
  start_watch() noexcept;

  start_watch(const start_watch&) = delete;

  ~start_watch();

private:
  std::thread::id maker_ = std::this_thread::get_id();
};

} // namespace flamigo::detail
