#include "flamigo/application/detail/start_watch.hpp"

#include <cstdlib>
#include <exception>

#include "flamigo/log/detail/complaint.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

/// Of this thread.
thread_local int watches = 0;

std::terminate_handler handler_before = nullptr;

/// Of what ends the process, if that is an exception with a sentence.
void complain_and_exit() noexcept {
  auto what = std::current_exception();
  if (!what)
    return;
  try {
    std::rethrow_exception(what);
  } catch (const std::exception& e) {
    log::flush();
    complain(e.what());
    // Other threads run: nothing may be taken away from them.
    std::_Exit(2);
  } catch (...) {
  }
}

[[noreturn]] void end() {
  if (watches > 0)
    complain_and_exit();
  if (handler_before != nullptr)
    handler_before();
  std::abort();
}

} // namespace

start_watch::start_watch() noexcept {
  static const auto once = [] {
    handler_before = std::set_terminate(end);
    return true;
  }();
  static_cast<void>(once);
  ++watches;
}

start_watch::~start_watch() {
  if (std::this_thread::get_id() == maker_)
    --watches;
}

} // namespace flamigo::detail
