#pragma once

#include <thread>
#include <utility>

namespace flamigo::test {

/// Calls a function on another thread and waits for it.
template <class F>
void elsewhere(F f) {
  std::thread{std::move(f)}.join();
}

} // namespace flamigo::test
