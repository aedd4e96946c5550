#pragma once

#include <memory>
#include <string>
#include <utility>

#include <caf/expected.hpp>

#include "flamigo/history/history_engine.hpp"

namespace flamigo::detail {

/// One follower of a topic's history, from when the engine has said so until it
/// goes.
class history_hold {
public:
  /// Not yet; see `follow_history`.
  history_hold(history_engine& engine, std::string topic)
    : engine_(engine), topic_(std::move(topic)) {
  }

  history_hold(const history_hold&) = delete;

  history_hold& operator=(const history_hold&) = delete;

  ~history_hold() {
    if (has_begun_)
      engine_.unfollow(topic_);
  }

  void begin() noexcept {
    has_begun_ = true;
  }

private:
  history_engine& engine_;
  std::string topic_;
  bool has_begun_ = false;
};

/// How far a history is, and what follows it.
struct followed_history {
  history_position newest;
  std::shared_ptr<history_hold> hold;
};

/// Follows a topic's history: `then` is called with an expected
/// `followed_history`. If nobody takes that, nobody follows.
template <class F>
void follow_history(history_engine& engine, const std::string& topic,
                    const history_limits& limits, F then) {
  auto hold = std::make_shared<history_hold>(engine, topic);
  engine.follow(topic, limits,
                [hold, then](caf::expected<history_position> what) mutable {
                  if (!what)
                    return then(std::move(what.error()));
                  hold->begin();
                  then(followed_history{*what, std::move(hold)});
                });
}

} // namespace flamigo::detail
