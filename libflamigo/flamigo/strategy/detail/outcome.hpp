#pragma once

#include <utility>

#include <caf/error.hpp>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

/// What became of running a handler.
class outcome {
public:
  enum class kind : unsigned char {
    /// The result was appended to the output.
    done,
    /// The handler, or the binding of its input, failed.
    failed,
    /// The answer comes later, to the address that was asked for.
    deferred,
    /// The answer comes in parts, from the stream that was put where the
    /// context says.
    streaming,
    /// The payload does not fit this handler's input; the handler did not run.
    mismatch,
  };

  static outcome done() {
    return outcome{kind::done, {}};
  }

  static outcome failed(caf::error why) {
    return outcome{kind::failed,
                   why ? std::move(why)
                       : internal_error("the handler failed without an error")};
  }

  static outcome deferred() {
    return outcome{kind::deferred, {}};
  }

  static outcome streaming() {
    return outcome{kind::streaming, {}};
  }

  static outcome mismatch(caf::error why) {
    return outcome{kind::mismatch, std::move(why)};
  }

  kind what() const noexcept {
    return kind_;
  }

  caf::error& error() noexcept {
    return error_;
  }

private:
  outcome(kind what, caf::error why) : kind_(what), error_(std::move(why)) {
  }

  kind kind_;
  caf::error error_;
};

} // namespace flamigo::detail
