#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/log_capture.hpp"
#include "support/wire.hpp"

namespace flamigo::test {

/// An exception that has nothing to say.
struct silent : std::exception {
  const char* what() const noexcept override {
    return nullptr;
  }
};

/// One of the things that a function of an application may throw.
struct thrown {
  std::string name;
  void (*raise)();
  /// What the trace says of it.
  std::string text;
};

inline const std::vector<thrown> all_thrown{
  {"a std::exception", [] { throw std::runtime_error{"out of paper"}; },
   "exception: out of paper"},
  {"one that has no text", [] { throw silent{}; },
   "exception: flamigo::test::silent"},
  {"a foreign type", [] { throw 42; }, "exception of type int"},
  {"std::bad_alloc", [] { throw std::bad_alloc{}; },
   "exception: std::bad_alloc"},
};

/// How many lines of the log have this in them.
inline std::size_t logged(const log_capture& log, const std::string& text) {
  std::size_t result = 0;
  for (auto& line : log.lines())
    result += contains(line, text);
  return result;
}

} // namespace flamigo::test
