// Everything that a client of Engine.IO and Socket.IO can send, in any order,
// by several connections of one session: polls, posts, WebSockets that take
// over, raw requests, ends of connections. Whatever it is, the server answers
// in HTTP or in frames, and when all of them have gone and some time has
// passed, neither a session nor an actor is left.
//
// An input is operations, one behind the other: a byte that says what is done,
// a byte that says how much of what follows belongs to it, and that. A `$`
// stands for the session's id.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/json/bytes.hpp"
#include "flamigo/socketio/detail/socket_io_service.hpp"
#include "fuzz/fuzz_server.hpp"

namespace {

using namespace flamigo;
using namespace std::chrono_literals;
using test::require;

socket_io_options options() {
  socket_io_options result;
  result.namespaces["/other"] = {};
  result.keep_auth = true;
  result.recovery.emplace();
  return result;
}

struct harness : test::fuzz_server {
  harness() {
    core.options.handshake_timeout = 1h;
    strategies.add("app::t:echo", [](const raw_json& in) { return in; });
    strategies.add("app::t:turn", [](std::vector<bytes> in) { return in; });
    strategies.seal();
    scheduler.run();
  }

  void pass(std::chrono::nanoseconds time) {
    loop.tick(loop.now() + time);
    settle();
  }

  detail::socket_io_service service{core, env, options()};
};

/// A client with some connections, of which each is opened when it is used.
class fuzz_client {
public:
  explicit fuzz_client(harness& h) : h_(h) {
    say(0, "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n"
           "Host: x\r\n\r\n");
    constexpr std::string_view mark = R"("sid":")";
    auto& got = heard_[0];
    auto at = got.find(mark);
    require(at != std::string::npos);
    at += mark.size();
    sid_ = got.substr(at, got.find('"', at) - at);
    got.clear();
  }

  ~fuzz_client() {
    for (std::size_t i = 0; i < fds_.size(); ++i)
      end(i);
    // The heartbeat of who polls.
    for (int i = 0; i < 3; ++i)
      h_.pass(1h);
  }

  fuzz_client(const fuzz_client&) = delete;

  fuzz_client& operator=(const fuzz_client&) = delete;

  void poll() {
    request(0, "GET", "polling", {}, {});
  }

  void post(std::string_view body) {
    request(1, "POST", "polling",
            "Content-Length: " + std::to_string(body.size()) + "\r\n", body);
  }

  void upgrade() {
    request(2, "GET", "websocket",
            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n",
            {});
  }

  /// A frame whose mask is zero.
  void frame(bool binary, std::string_view payload) {
    std::string text{binary ? '\x82' : '\x81'};
    text.push_back(
      static_cast<char>(0x80 | std::min<std::size_t>(payload.size(), 125)));
    text.append(4, '\0').append(payload.substr(0, 125));
    say(2, text);
  }

  void say(std::size_t by, std::string_view text) {
    if (fds_[by] < 0)
      fds_[by] = h_.connect();
    test::send(fds_[by], text);
    h_.settle();
    heard_[by] += test::receive(fds_[by]);
  }

  void end(std::size_t which) {
    if (fds_[which] < 0)
      return;
    auto& got = heard_[which];
    require(got.empty() || got.starts_with("HTTP/1.1 "));
    ::close(fds_[which]);
    fds_[which] = -1;
    got.clear();
    h_.settle();
  }

  const std::string& sid() const noexcept {
    return sid_;
  }

private:
  void request(std::size_t by, std::string_view method,
               std::string_view transport, std::string_view headers,
               std::string_view body) {
    std::string text{method};
    text.append(" /socket.io/?EIO=4&transport=").append(transport);
    text.append("&sid=").append(sid_).append(" HTTP/1.1\r\nHost: x\r\n");
    say(by, text.append(headers).append("\r\n").append(body));
  }

  harness& h_;
  std::array<int, 3> fds_{-1, -1, -1};
  std::array<std::string, 3> heard_;
  std::string sid_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static auto& h = *new harness;
  {
    fuzz_client who{h};
    while (size >= 2) {
      auto what = data[0] % 10;
      auto count = std::min<std::size_t>(data[1], size - 2);
      std::string text{reinterpret_cast<const char*>(data + 2), count};
      data += 2 + count;
      size -= 2 + count;
      switch (what) {
        case 0:
          who.poll();
          break;
        case 1:
          who.post(text);
          break;
        case 2:
          who.upgrade();
          break;
        case 3:
          who.frame(false, text);
          break;
        case 4:
          who.frame(true, text);
          break;
        case 5:
          who.end(count % 3);
          break;
        case 6:
          h.pass(std::chrono::seconds{count});
          break;
        default:
          if (auto at = text.find('$'); at != std::string::npos)
            text.replace(at, 1, who.sid());
          who.say(static_cast<std::size_t>(what - 7), text);
      }
    }
  }
  require(h.core.open == 0 && h.watch.open() == 0);
  return 0;
}
