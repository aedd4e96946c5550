#pragma once

#include <exception>
#include <future>
#include <utility>

#include <caf/expected.hpp>

#include "flamigo/error/error.hpp"

namespace flamigo::detail {

/// What fulfils a future. Who lets go of it without an answer, as an actor does
/// that does not come to run any more when the program ends, has answered 503.
template <class R>
class future_answer {
public:
  future_answer() = default;

  future_answer(const future_answer&) = delete;

  future_answer& operator=(const future_answer&) = delete;

  ~future_answer() {
    if (given_)
      return;
    try {
      give(make_error(errc::unavailable, "", "the program ends"));
    } catch (const std::exception&) {
      // Without memory for it the promise is broken.
    }
  }

  /// To be called once.
  std::future<caf::expected<R>> future() {
    return promise_.get_future();
  }

  /// To be called once.
  void give(caf::expected<R> what) {
    given_ = true;
    promise_.set_value(std::move(what));
  }

private:
  std::promise<caf::expected<R>> promise_;
  bool given_ = false;
};

} // namespace flamigo::detail
