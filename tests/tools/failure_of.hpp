#pragma once

#include <string>

#include "failure.hpp"

namespace flamigo::test {

/// The sentence with which something fails; empty if it does not.
template <class F>
std::string failure_of(F f) {
  try {
    f();
  } catch (const tool::failure& e) {
    return e.what();
  }
  return {};
}

} // namespace flamigo::test
