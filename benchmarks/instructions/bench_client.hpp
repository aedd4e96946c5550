#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <string_view>

#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "world.hpp"

/// A connection without a socket.
class bench_client {
public:
  explicit bench_client(world& where) : bench_client(where, where.unit) {
  }

  /// One that another thread runs.
  bench_client(world& where, flamigo::detail::home_unit& home)
    : out_(std::make_shared<counter>()),
      feed_(where.env, &home, out_, std::make_shared<flamigo::claims>(), {}) {
    where.strategies.seal();
  }

  ~bench_client() {
    feed_.closed({flamigo::close_code::going_away, ""});
  }

  void say(std::string_view text) {
    feed_.message(text);
  }

  /// Frames that were sent to it.
  std::size_t heard() const noexcept {
    return out_->frames;
  }

private:
  struct counter : flamigo::transport {
    void send(std::string_view) override {
      ++frames;
    }

    void close(const flamigo::close_reason&) override {
      // nop
    }

    std::size_t frames = 0;
  };

  std::shared_ptr<counter> out_;
  flamigo::client_feed feed_;
};

/// Frames that were sent to all of them.
inline std::size_t heard_by(const std::deque<bench_client>& all) {
  std::size_t result = 0;
  for (auto& x : all)
    result += x.heard();
  return result;
}
