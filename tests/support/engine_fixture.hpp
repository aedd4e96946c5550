#pragma once

#include <string>
#include <string_view>

#include "flamigo/engineio/detail/engine_endpoint.hpp"
#include "support/engine_echo.hpp"
#include "support/socket_fixture.hpp"
#include "support/wire.hpp"

namespace flamigo::test {

/// What stands behind the headers of the last response.
inline std::string body_of(const std::string& response) {
  auto at = response.rfind("\r\n\r\n");
  return at == response.npos ? std::string{} : response.substr(at + 4);
}

/// What a handshake has called its session.
inline std::string sid_of(const std::string& response) {
  constexpr std::string_view mark = R"("sid":")";
  auto at = response.find(mark);
  if (at == response.npos)
    return {};
  at += mark.size();
  return response.substr(at, response.find('"', at) - at);
}

/// Requests of Engine.IO, as clients write them.
inline std::string
engine_request(std::string_view method, std::string_view query,
               std::string_view body = {}, std::string_view headers = {}) {
  std::string result{method};
  result.append(" /socket.io/?").append(query);
  result.append(" HTTP/1.1\r\nHost: x\r\n").append(headers);
  if (!body.empty())
    result += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return result.append("\r\n").append(body);
}

inline std::string polling(const std::string& sid) {
  return "EIO=4&transport=polling&sid=" + sid;
}

inline std::string engine_upgrade(const std::string& sid,
                                  const std::string& headers = {}) {
  return engine_request(
    "GET", "EIO=4&transport=websocket" + (sid.empty() ? "" : "&sid=" + sid), {},
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
      + headers);
}

/// What a server's frames say, one after the other, with a space between them;
/// of a close frame its code.
inline std::string frames_of(std::string_view bytes) {
  std::string result;
  while (bytes.size() >= 2) {
    auto first = static_cast<unsigned char>(bytes[0]);
    std::size_t size = static_cast<unsigned char>(bytes[1]);
    std::size_t header = 2;
    if (size == 126) {
      size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[2])) << 8
             | static_cast<unsigned char>(bytes[3]);
      header = 4;
    }
    auto payload = bytes.substr(header, size);
    if (!result.empty())
      result.push_back(' ');
    if (first == (fin | opcode::close) && size >= 2)
      result += std::to_string(static_cast<unsigned char>(payload[0]) << 8
                               | static_cast<unsigned char>(payload[1]));
    else
      result.append(payload);
    bytes.remove_prefix(std::min(bytes.size(), header + size));
  }
  return result;
}

/// An endpoint that sends back what it is sent, on the test's own thread.
struct engine_fixture : socket_fixture {
  engine_fixture() {
    core.options.handshake_timeout = std::chrono::hours{1};
    echo.keeps_last = true;
    accept(getting);
    accept(posting);
  }

  ~engine_fixture() {
    echo.last = nullptr;
    loop.for_each([](detail::resident& what) { what.cut(); });
    settle();
  }

  /// Sends this, and returns what has come.
  std::string say(socket_pair& by, std::string_view what) {
    by.send_bytes(what);
    settle();
    return by.received();
  }

  /// A session that polls.
  std::string begin() {
    auto got = say(getting, engine_request("GET", "EIO=4&transport=polling"));
    REQUIRE(got.starts_with("HTTP/1.1 200 "));
    return sid_of(got);
  }

  std::string get(const std::string& sid) {
    return say(getting, engine_request("GET", polling(sid)));
  }

  std::string post(const std::string& sid, std::string_view body) {
    return say(posting, engine_request("POST", polling(sid), body));
  }

  /// A WebSocket for this session, or for a new one.
  std::string upgrade(socket_pair& by, const std::string& sid) {
    accept(by);
    auto got = say(by, engine_upgrade(sid));
    REQUIRE(got.starts_with("HTTP/1.1 101"));
    return got.substr(got.find("\r\n\r\n") + 4);
  }

  /// A text, and what it is answered.
  std::string tell(socket_pair& by, std::string_view text) {
    by.send_text(text);
    settle();
    return frames_of(by.received());
  }

  void pass(std::chrono::nanoseconds time) {
    loop.tick(loop.now() + time);
    settle();
  }

  bool has_ended() {
    return endpoint.sessions() == 0 && echo.open == 0;
  }

  engine_echo echo;
  detail::engine_endpoint endpoint{core, {}, echo};
  socket_pair getting;
  socket_pair posting;
};

} // namespace flamigo::test
