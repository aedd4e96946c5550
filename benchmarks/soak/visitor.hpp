#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "../load/connection.hpp"
#include "../load/connection_handler.hpp"
#include "limits.hpp"
#include "stage.hpp"

namespace flamigo::soak {

/// A connection and what it does, from its beginning to its end.
class visitor : public load::connection_handler {
public:
  explicit visitor(stage& on) : visitor(on, on.door) {
  }

  /// With a door of its own.
  visitor(stage& on, load::endpoint door);

  void begin();

  /// After each turn of the poller.
  void turn();

  /// Asks it to end, with all that it has begun.
  virtual void leave() {
  }

  bool is_done() const {
    return done_;
  }

  void opened(load::connection& who) override;

  void closed(load::connection& who, std::string_view failure) override;

  void received(load::connection&, std::string_view) override {
  }

protected:
  /// What the summary calls it.
  virtual std::string_view name() const = 0;

  virtual void greeted() {
  }

  virtual void act() {
  }

  /// The socket has ended; `failure` as for a connection handler.
  virtual void ended(std::string_view failure) = 0;

  /// Breaks the promise, and ends, unless `in_time` or the end comes first.
  void expect(clock::duration limit, std::string_view promise);

  void in_time() {
    deadline_.reset();
  }

  /// Ends without a word.
  void vanish();

  void fault(std::string_view promise, std::string_view detail);

  stage& stage_;
  load::endpoint door_;
  load::connection line_;
  /// Whether the server has agreed to speak WebSocket.
  bool greeted_ = false;

private:
  bool done_ = false;
  std::optional<clock::time_point> deadline_;
  std::string_view promise_;
};

} // namespace flamigo::soak
