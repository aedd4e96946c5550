#pragma once

#include <exception>
#include <string>

#include <caf/error.hpp>

namespace flamigo {

/// An error on its way through functions that know nothing of errors as values.
/// What leaves a function of an application in this way is that error again,
/// with its public side, status and code.
class thrown_error : public std::exception {
public:
  /// To throw this error.
  explicit thrown_error(caf::error why);

  /// What was thrown.
  const caf::error& error() const noexcept {
    return error_;
  }

  /// Its trace.
  const char* what() const noexcept override;

private:
  caf::error error_;
  std::string text_;
};

} // namespace flamigo
