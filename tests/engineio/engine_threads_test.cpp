// Requests of one session come by connections of several I/O threads.

#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <sys/socket.h>

#include <poll.h>

#include "support/engine_fixture.hpp"
#include "support/threaded_host.hpp"

using namespace flamigo;
using namespace flamigo::test;

namespace {

/// A client's end that waits for what comes.
class waiting_peer {
public:
  explicit waiting_peer(threaded_host& at) {
    at.accept(ends_);
  }

  void send(std::string_view bytes) {
    ends_.send_bytes(bytes);
  }

  /// Waits until there is something more, or the end; false at the end.
  bool wait() {
    for (;;) {
      auto more = ends_.received();
      got_ += more;
      if (!more.empty())
        return true;
      if (ends_.has_ended())
        return false;
      pollfd what{ends_.client_end(), POLLIN, 0};
      REQUIRE(::poll(&what, 1, 10'000) == 1);
    }
  }

  /// Sends this, and waits for the whole response.
  std::string ask(std::string_view request) {
    send(request);
    return response();
  }

  std::string response() {
    for (;;) {
      auto end = got_.find("\r\n\r\n");
      if (end != got_.npos) {
        std::size_t size = 0;
        constexpr std::string_view mark = "Content-Length: ";
        if (auto at = got_.find(mark); at < end)
          size = std::stoul(got_.substr(at + mark.size()));
        if (got_.size() >= end + 4 + size) {
          auto result = got_.substr(0, end + 4 + size);
          got_.erase(0, result.size());
          return result;
        }
      }
      REQUIRE(wait());
    }
  }

  /// The next whole frame's payload.
  std::string next_frame() {
    while (got_.size() < 2
           || got_.size() < 2u + static_cast<unsigned char>(got_[1]))
      REQUIRE(wait());
    auto size = static_cast<unsigned char>(got_[1]);
    auto result = got_.substr(2, size);
    got_.erase(0, 2u + size);
    return result;
  }

  void leave() {
    ends_.close();
  }

private:
  socket_pair ends_;
  std::string got_;
};

struct fixture {
  fixture() : endpoint(host.core, {}, echo) {
  }

  /// Until all has ended.
  void settle() {
    while (endpoint.sessions() > 0 || echo.open > 0)
      std::this_thread::yield();
  }

  engine_echo echo;
  threaded_host host{4};
  detail::engine_endpoint endpoint;
};

std::string get(const std::string& sid) {
  return engine_request("GET", polling(sid));
}

std::string post(const std::string& sid, std::string_view body) {
  return engine_request("POST", polling(sid), body);
}

/// Appends the messages that a response has brought.
void collect(std::vector<std::string>& to, const std::string& response) {
  REQUIRE(response.starts_with("HTTP/1.1 200 "));
  auto packets = detail::read_payload(body_of(response));
  REQUIRE(packets);
  for (auto& x : *packets)
    if (x.kind == detail::engine_kind::message)
      to.push_back(x.data);
}

} // namespace

TEST_CASE("the requests of a session come to different threads") {
  fixture f;
  waiting_peer getting{f.host};
  waiting_peer posting{f.host};
  waiting_peer third{f.host};
  auto sid
    = sid_of(getting.ask(engine_request("GET", "EIO=4&transport=polling")));
  for (int i = 0; i < 200; ++i) {
    auto text = std::to_string(i);
    third.send(get(sid));
    CHECK(body_of(posting.ask(post(sid, "4" + text))) == "ok");
    CHECK(body_of(third.response()) == "4" + text);
  }
  posting.ask(post(sid, "1"));
  f.settle();
}

TEST_CASE("an abandoned poll is noticed on another thread") {
  fixture f;
  waiting_peer first{f.host};
  auto sid
    = sid_of(first.ask(engine_request("GET", "EIO=4&transport=polling")));
  waiting_peer second{f.host};
  second.send(get(sid));
  second.leave();
  f.settle();
  CHECK(body_of(first.ask(get(sid)))
        == R"({"code":1,"message":"Session ID unknown"})");
}

TEST_CASE("upgrades with messages both ways lose none and keep their order") {
  fixture f;
  constexpr int before = 20;
  constexpr int all = 40;
  for (int round = 0; round < 50; ++round) {
    waiting_peer getting{f.host};
    waiting_peer posting{f.host};
    std::vector<std::string> got;
    auto sid
      = sid_of(getting.ask(engine_request("GET", "EIO=4&transport=polling")));
    waiting_peer ws{f.host};
    ws.send(engine_upgrade(sid));
    ws.send(frame(fin | opcode::text, "2probe"));
    getting.send(get(sid));
    for (int i = 0; i < before; ++i) {
      posting.send(post(sid, "4" + std::to_string(i)));
      if (i % 3 == 0) {
        collect(got, getting.response());
        getting.send(get(sid));
      }
      REQUIRE(body_of(posting.response()) == "ok");
    }
    // As clients do: no poll is under way, and the server was heard.
    collect(got, getting.response());
    REQUIRE(ws.response().starts_with("HTTP/1.1 101"));
    REQUIRE(ws.next_frame() == "3probe");
    ws.send(frame(fin | opcode::text, "5"));
    for (int i = before; i < all; ++i)
      ws.send(frame(fin | opcode::text, "4" + std::to_string(i)));
    while (got.size() < all) {
      auto next = ws.next_frame();
      REQUIRE(next.starts_with("4"));
      got.push_back(next.substr(1));
    }
    for (int i = 0; i < all; ++i)
      REQUIRE(got[static_cast<std::size_t>(i)] == std::to_string(i));
  }
  CHECK(f.echo.upgrades == 50);
  f.settle();
}

TEST_CASE("handshakes that are abandoned at any step leave nothing") {
  fixture f;
  std::mt19937 random{7};
  for (int round = 0; round < 200; ++round) {
    auto steps = random() % 7;
    waiting_peer getting{f.host};
    waiting_peer posting{f.host};
    waiting_peer ws{f.host};
    auto sid
      = sid_of(getting.ask(engine_request("GET", "EIO=4&transport=polling")));
    if (steps > 0)
      getting.send(get(sid));
    if (steps > 1)
      ws.send(engine_upgrade(sid));
    if (steps > 2)
      ws.send(frame(fin | opcode::text, "2probe"));
    if (steps > 3)
      posting.send(post(sid, "4hello"));
    if (steps > 4)
      getting.response();
    if (steps > 5) {
      while (ws.response().find("101") == std::string::npos)
        ;
      REQUIRE(ws.next_frame() == "3probe");
      ws.send(frame(fin | opcode::text, "5"));
      // So that it is known to have changed over.
      ws.send(frame(fin | opcode::text, "4x"));
      while (ws.next_frame() != "4x")
        ;
    }
  }
  // Of some nothing was there that could end: their time does.
  for (int i = 0; i < 3; ++i)
    for (auto& loop : f.host.loops)
      detail::net::post(loop->context(), [&loop = *loop] {
        loop.tick(loop.now() + std::chrono::seconds{30});
      });
  f.settle();
  while (f.host.core.open > 0)
    std::this_thread::yield();
  CHECK(f.endpoint.sessions() == 0);
}
