#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flamigo/auth/authenticator.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/client/channel_strategies.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/socketio/detail/socket_io_service.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "support/engine_fixture.hpp"
#include "support/events.hpp"

namespace flamigo::test {

/// A server of Socket.IO with channels, on the test's own thread, whose clients
/// come by WebSockets. A token is the user's id.
struct socket_io_fixture : socket_fixture {
  socket_io_fixture() {
    core.options.handshake_timeout = std::chrono::hours{1};
    add_channel_strategies(strategies);
    events->pass_by(stage);
    env.channels = &channels;
    env.history = &history;
    options.engine.ping_interval = std::chrono::hours{1};
    options.recovery.emplace();
    channels.add("rooms/*", {}, {.history = history_limits{}});
  }

  ~socket_io_fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    settle();
    caf::anon_send_exit(watch.handle(), caf::exit_reason::user_shutdown);
    settle();
  }

  /// To be called before `serve`.
  void authenticate() {
    add_auth_strategy(
      strategies,
      [](std::string_view token, const claims&) -> caf::expected<user> {
        if (token.empty())
          return make_error(errc::unauthorized);
        return user{std::string{token}, std::string{token}, {}, {}};
      });
    env.auth = authentication{{}, auth_strategy_name(strategies)};
  }

  void serve() {
    service.emplace(core, env, options);
  }

  void publish(std::string room, std::string text) {
    CHECK_FALSE(bus.publish(posted{std::move(room), std::move(text)}));
    settle();
  }

  void pass(std::chrono::nanoseconds time) {
    loop.tick(loop.now() + time);
    settle();
  }

  channel_registry channels;
  memory_history history{system};
  detail::history_stage stage{channels, history};
  socket_io_options options;
  std::optional<detail::socket_io_service> service;
};

/// What a page does that has the stock client: it keeps the last position, and
/// shows it when it comes again.
class socket_io_page {
public:
  explicit socket_io_page(socket_io_fixture& at, std::string where = {})
    : at_(at), where_(std::move(where)) {
  }

  /// Connects; `auth` is what its credentials have as members, with a comma at
  /// the end. Takes `most` of what comes then.
  void come(const std::string& auth = {}, std::size_t most = ~std::size_t{0}) {
    line_ = std::make_unique<socket_pair>();
    at_.accept(*line_);
    line_->send_bytes(engine_upgrade({}, headers));
    at_.settle();
    auto got = line_->received();
    REQUIRE(got.starts_with("HTTP/1.1 101"));
    std::string shown{"{" + auth + "\"x\":0"};
    if (!pid.empty())
      shown += ",\"pid\":\"" + pid + "\"";
    if (!pid.empty() && !offset.empty())
      shown += ",\"offset\":\"" + offset + "\"";
    connected = false;
    is_served_ = true;
    say("40" + (where_.empty() ? "" : where_ + ",") + shown + "}", most);
  }

  /// The network is gone, and with it what was not taken.
  void lose() {
    line_.reset();
    bytes_.clear();
    connected = false;
    at_.settle();
  }

  /// The network is gone, and nobody has told the server.
  void go_dark() {
    dark_.push_back(std::move(line_));
    bytes_.clear();
    connected = false;
  }

  void say(const std::string& packet, std::size_t most = ~std::size_t{0}) {
    line_->send_text(packet);
    at_.settle();
    take(most);
  }

  void subscribe(std::string_view topic, std::string_view more = {}) {
    say("42" + (where_.empty() ? "" : where_ + ",") + "7"
        + R"(["app::websocket:subscribe",{"topic":")" + std::string{topic}
        + "\"" + std::string{more} + "}]");
  }

  /// Takes so many packets of what has come.
  void take(std::size_t most = ~std::size_t{0}) {
    bytes_ += line_->received();
    while (most-- > 0) {
      auto [header, size] = next_frame();
      if (bytes_.size() < header + size)
        return;
      auto first = static_cast<unsigned char>(bytes_[0]);
      if (first == (fin | opcode::text))
        hear(bytes_.substr(header, size));
      else if ((first & 15) == opcode::close)
        is_served_ = false;
      bytes_.erase(0, header + size);
    }
  }

  /// Whether the server has not closed the connection, of what was taken.
  bool is_served() {
    take();
    return is_served_ && !line_->has_ended();
  }

  /// What it has heard since it was asked.
  strings heard() {
    return std::exchange(heard_, {});
  }

  /// Of the request by which it comes.
  std::string headers;
  std::string pid;
  std::string offset;
  bool connected = false;
  /// As of the stock client.
  bool recovered = false;

private:
  /// The header of the next frame and how much stands behind it: more than
  /// there is, if it is not there yet.
  std::pair<std::size_t, std::size_t> next_frame() const {
    auto byte = [this](std::size_t i) {
      return i < bytes_.size() ? static_cast<unsigned char>(bytes_[i])
                               : std::size_t{0};
    };
    auto size = byte(1);
    if (size < 126)
      return {2, size};
    std::size_t header = size == 126 ? 4 : 10;
    size = 0;
    for (std::size_t i = 2; i < header; ++i)
      size = size << 8 | byte(i);
    return {header, size};
  }

  static std::string member(const std::string& text, std::string_view name) {
    auto at = text.find(name);
    if (at == text.npos)
      return {};
    at += name.size();
    return text.substr(at, text.find('"', at) - at);
  }

  void hear(std::string packet) {
    if (!packet.starts_with('4'))
      return;
    if (!where_.empty() && packet.size() > 2 && packet[2] == '/')
      packet.erase(2, where_.size() + 1);
    if (packet.starts_with("40")) {
      auto now = member(packet, R"("pid":")");
      recovered = !now.empty() && now == pid;
      pid = now;
      connected = true;
      return;
    }
    heard_.push_back(packet);
    if (!packet.starts_with("42[") || pid.empty())
      return;
    // The stock client takes whatever text is last.
    CHECK(packet.ends_with("\"]"));
    auto end = packet.size() - 2;
    auto begin = packet.rfind('"', end - 1) + 1;
    offset = packet.substr(begin, end - begin);
    heard_.back().erase(begin - 2, end + 1 - (begin - 2));
  }

  socket_io_fixture& at_;
  std::string where_;
  std::unique_ptr<socket_pair> line_;
  std::vector<std::unique_ptr<socket_pair>> dark_;
  std::string bytes_;
  strings heard_;
  bool is_served_ = false;
};

} // namespace flamigo::test
