#pragma once

#include <string>

namespace flamigo::detail {

/// Writes an error line about what a catch block handles:
/// `where: exception: ...`.
void log_caught(const std::string& where);

/// Calls a function that nobody waits for. What it throws becomes a line in the
/// log, which begins with what `where` returns; a log that fails as well is
/// ignored. Returns whether it threw nothing.
template <class F, class G>
bool guarded_or_logged(F&& run, G&& where) noexcept {
  try {
    run();
    return true;
  } catch (...) {
    try {
      log_caught(where());
    } catch (...) {
      // Neither memory nor a working sink: there is nowhere to say it.
    }
    return false;
  }
}

} // namespace flamigo::detail
