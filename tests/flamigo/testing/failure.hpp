#pragma once

#include <stdexcept>

namespace flamigo::testing {

/// An expectation that was not met. `what()` is a sentence: what was expected,
/// and what came instead. Any test framework reports it as the test's failure.
class failure : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace flamigo::testing
