#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/json/json.hpp"

namespace flamigo {

/// A question of a server that is answered later. Copies share one answer: the
/// first counts. On any thread, also when nobody waits any more. When the last
/// copy goes without an answer, the server gets an error.
template <class R>
class remote_question {
public:
  /// @private
  explicit remote_question(
    std::function<void(caf::expected<std::string>)> answer)
    : answer_(std::move(answer)) {
  }

  /// The answer; nothing for `void`.
  template <class... Ts>
    requires(sizeof...(Ts) == (std::is_void_v<R> ? 0 : 1))
  void operator()(const Ts&... value) const {
    if constexpr (std::is_void_v<R>)
      answer_(std::string{"null"});
    else
      answer_(to_json<R>(value...));
  }

  /// An error instead, of which the server reads the message, the status and
  /// the code.
  void fail(caf::error why) const {
    answer_(std::move(why));
  }

private:
  std::function<void(caf::expected<std::string>)> answer_;
};

} // namespace flamigo
