#pragma once

#include <string>
#include <utility>

#include "flamigo/history/history_engine.hpp"

namespace flamigo::detail {

/// One follower of a topic's history, from `history_engine::follow` on until it
/// goes.
class history_hold {
public:
  history_hold(history_engine& engine, std::string topic)
    : engine_(engine), topic_(std::move(topic)) {
  }

  history_hold(const history_hold&) = delete;

  history_hold& operator=(const history_hold&) = delete;

  ~history_hold() {
    engine_.unfollow(topic_);
  }

private:
  history_engine& engine_;
  std::string topic_;
};

} // namespace flamigo::detail
