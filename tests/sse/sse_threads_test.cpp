// What the clients of streams say comes by connections of other I/O threads.

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <poll.h>

#include "flamigo/sse/detail/sse_endpoint.hpp"
#include "support/sse_fixture.hpp"
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

  /// Waits until this has come; returns all up to its end. Empty if the
  /// connection ends before.
  std::string until(std::string_view what) {
    for (;;) {
      if (auto at = got_.find(what); at != got_.npos) {
        auto result = got_.substr(0, at + what.size());
        got_.erase(0, result.size());
        return result;
      }
      pollfd ready{ends_.client_end(), POLLIN, 0};
      if (::poll(&ready, 1, 10'000) != 1)
        return {};
      auto more = ends_.received();
      got_ += more;
      if (more.empty() && ends_.has_ended())
        return {};
    }
  }

  /// Has a stream begin; returns its session.
  std::string begin() {
    send(sse_fixture::get());
    return between(until("\"}\n\n"), R"("session":")", "\"");
  }

  void leave() {
    ends_.close();
  }

private:
  socket_pair ends_;
  std::string got_;
};

struct host : threaded_host {
  explicit host(std::size_t threads) : threaded_host(threads) {
    strategies.add("app::t:echo", [](const raw_json& in) { return in; });
  }

  /// Those who have come have gone, on all threads.
  void wait_until_empty() {
    while (core.open > 0 || endpoint.sessions() > 0)
      std::this_thread::yield();
  }

  detail::sse_endpoint endpoint{core, env, {}};
};

} // namespace

TEST_CASE("frames come from other threads, each in its turn") {
  host where{3};
  {
    waiting_peer stream{where};
    auto session = stream.begin();
    REQUIRE(session.size() == 32);
    std::vector<std::unique_ptr<waiting_peer>> by;
    for (int i = 0; i < 3; ++i)
      by.push_back(std::make_unique<waiting_peer>(where));
    for (int i = 0; i < 300; ++i) {
      auto frame = call("app::t:echo", "null", i);
      auto& from = *by[static_cast<std::size_t>(i) % by.size()];
      from.send(sse_fixture::post(session, frame));
      CHECK(from.until("\r\n\r\n").starts_with("HTTP/1.1 202 "));
      CHECK(contains(stream.until("\"ackId\":" + std::to_string(i) + "}"),
                     "\r\ndata: " + frame));
    }
    stream.leave();
    for (auto& x : by)
      x->leave();
  }
  where.wait_until_empty();
}

TEST_CASE("streams end while their clients speak") {
  host where{3};
  std::atomic<int> answers = 0;
  std::vector<std::thread> clients;
  for (int c = 0; c < 3; ++c)
    clients.emplace_back([&] {
      waiting_peer speaks{where};
      for (int i = 0; i < 50; ++i) {
        waiting_peer stream{where};
        auto session = stream.begin();
        speaks.send(sse_fixture::post(session, call("app::t:echo")));
        stream.leave();
        auto got = speaks.until("\r\n\r\n");
        if (got.starts_with("HTTP/1.1 202 "))
          ++answers;
        else if (got.starts_with("HTTP/1.1 404 "))
          answers += speaks.until("unknown_session\"}").empty() ? 0 : 1;
      }
      speaks.leave();
    });
  for (auto& x : clients)
    x.join();
  CHECK(answers == 150);
  where.wait_until_empty();
}
