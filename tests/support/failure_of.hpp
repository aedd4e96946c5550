#pragma once

#include <string>

#include "flamigo/testing/failure.hpp"

namespace flamigo::test {

/// The sentence that an expectation fails with; empty if it does not.
template <class F>
std::string failure_of(F expectation) {
  try {
    expectation();
  } catch (const testing::failure& e) {
    return e.what();
  }
  return {};
}

} // namespace flamigo::test
