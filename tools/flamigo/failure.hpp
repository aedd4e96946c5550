#pragma once

#include <stdexcept>

namespace flamigo::tool {

/// What stops a command: a sentence that says what to do, printed on stderr;
/// the program ends with 1.
class failure : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace flamigo::tool
