#pragma once

#include <string>

namespace flamigo::test {

/// The sentence of the `Failure` that something throws; empty if it throws
/// nothing.
template <class Failure, class F>
std::string failure_of(F f) {
  try {
    f();
  } catch (const Failure& e) {
    return e.what();
  }
  return {};
}

} // namespace flamigo::test
