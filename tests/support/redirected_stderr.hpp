#pragma once

#include <unistd.h>

namespace flamigo::test {

/// Standard error is another descriptor while it lives.
class redirected_stderr {
public:
  explicit redirected_stderr(int where) : before_(::dup(STDERR_FILENO)) {
    ::dup2(where, STDERR_FILENO);
  }

  redirected_stderr(const redirected_stderr&) = delete;

  ~redirected_stderr() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
  }

private:
  int before_;
};

} // namespace flamigo::test
