#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "flamigo/auth/authentication.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/channel_strategies.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/json/raw_json.hpp"
#include "flamigo/sse/detail/sse_endpoint.hpp"
#include "support/events.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

namespace flamigo::test {

/// What stands between two texts, without them; empty if there is none.
inline std::string between(std::string_view text, std::string_view before,
                           std::string_view behind) {
  auto at = text.find(before);
  if (at == text.npos)
    return {};
  at += before.size();
  return std::string{text.substr(at, text.find(behind, at) - at)};
}

/// The lines that have come in chunks, in a row.
inline std::string lines_of(std::string_view chunks) {
  std::string result;
  while (!chunks.empty()) {
    auto end = chunks.find("\r\n");
    auto size = std::stoul(std::string{chunks.substr(0, end)}, nullptr, 16);
    result += chunks.substr(end + 2, size);
    chunks.remove_prefix(end + 2 + size + 2);
  }
  return result;
}

/// A frame as an event without an id.
inline std::string message(std::string_view frame) {
  return "data: " + std::string{frame} + "\n\n";
}

/// A stream, on the test's own thread, and a connection for what its client
/// says.
struct sse_fixture : socket_fixture {
  sse_fixture() {
    core.options.handshake_timeout = std::chrono::hours{1};
    add_channel_strategies(strategies);
    strategies.add("app::t:echo", [](const raw_json& in) { return in; });
    history.emplace(system);
    stage.emplace(channels, *history);
    events->pass_by(*stage);
    env.channels = &channels;
    env.history = &*history;
    accept(getting);
    accept(posting);
  }

  ~sse_fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    settle();
  }

  /// Sends this, and returns what has come.
  std::string say(socket_pair& by, std::string_view what) {
    by.send_bytes(what);
    settle();
    return by.received();
  }

  static std::string get(std::string_view headers = {}) {
    return "GET /sse HTTP/1.1\r\nHost: x\r\n" + std::string{headers} + "\r\n";
  }

  static std::string post(std::string_view session, std::string_view body,
                          std::string_view headers = {}) {
    std::string result{"POST /sse?session="};
    result.append(session).append(" HTTP/1.1\r\nHost: x\r\n").append(headers);
    return result + "Content-Length: " + std::to_string(body.size())
           + "\r\n\r\n" + std::string{body};
  }

  /// Begins the stream; returns what stands behind its head, in lines.
  std::string begin(socket_pair& by, std::string_view headers = {}) {
    auto got = say(by, get(headers));
    REQUIRE(got.starts_with("HTTP/1.1 200 OK\r\n"));
    auto lines = lines_of(got.substr(got.find("\r\n\r\n") + 4));
    session = between(lines, R"("session":")", "\"");
    return lines;
  }

  /// A frame of the client; returns what has come by the stream.
  std::string tell(std::string_view frame) {
    auto answer = say(posting, post(session, frame));
    REQUIRE(answer.starts_with("HTTP/1.1 202 "));
    return heard();
  }

  std::string heard() {
    settle();
    return lines_of(reading->received());
  }

  void pass(std::chrono::nanoseconds time) {
    loop.tick(loop.now() + time);
    settle();
  }

  void drain() {
    core.draining = true;
    loop.for_each([](detail::resident& what) { what.drain(); });
    settle();
  }

  channel_registry channels;
  std::optional<memory_history> history;
  std::optional<detail::history_stage> stage;
  detail::sse_endpoint endpoint{core, env, {}};
  socket_pair getting;
  socket_pair posting;
  /// By which `heard` hears.
  socket_pair* reading = &getting;
  std::string session;
};

} // namespace flamigo::test
