// Clients of Socket.IO that are lost on one I/O thread, and come back on
// another, while somebody publishes.
#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <poll.h>

#include "flamigo/socketio/detail/socket_io_service.hpp"
#include "support/engine_fixture.hpp"
#include "support/events.hpp"
#include "support/threaded_host.hpp"

using namespace flamigo;
using namespace flamigo::test;

namespace {

constexpr int most = 2'000;

struct shared {
  shared() {
    host.channels.add("rooms/*", {},
                      {.history = history_limits{.max_events = most}});
    socket_io_options options;
    options.recovery.emplace();
    service.emplace(host.core, host.env, std::move(options));
  }

  /// The sessions end on their threads, and refer to the service.
  ~shared() {
    while (host.core.open > 0)
      std::this_thread::yield();
    // What they have put off at their ends, and that what it puts off.
    for (int i = 0; i < 10; ++i)
      for (auto& loop : host.loops) {
        std::promise<void> done;
        detail::net::post(loop->context(), [&] { done.set_value(); });
        done.get_future().wait();
      }
  }

  std::mutex accepting;
  threaded_host host{4};
  std::optional<detail::socket_io_service> service;
  std::atomic<int> subscribed = 0;
  std::atomic<int> wrong = 0;
  std::atomic<int> returns = 0;
};

/// Is lost again and again, on a thread of its own.
class lost_peer {
public:
  lost_peer(shared& all, unsigned seed) : all_(all), random_(seed) {
  }

  void run() {
    while (next_ <= most && all_.wrong == 0) {
      come();
      // Some of it is lost on the way.
      for (auto left = random_() % 40; left > 0 && next_ <= most; --left)
        hear(frame());
      if (next_ <= most)
        lose();
    }
    if (line_)
      line_->send_text("41");
  }

private:
  void come() {
    line_ = std::make_unique<socket_pair>();
    got_.clear();
    {
      std::lock_guard guard{all_.accepting};
      all_.host.accept(*line_);
    }
    line_->send_bytes(engine_upgrade({}));
    for (std::size_t end; (end = got_.find("\r\n\r\n")) == got_.npos;)
      wait();
    got_.erase(0, got_.find("\r\n\r\n") + 4);
    std::string shown{"40"};
    if (!pid_.empty())
      shown += R"({"pid":")" + pid_ + R"(","offset":")" + offset_ + "\"}";
    line_->send_text(shown);
    auto answer = frame();
    while (!answer.starts_with("40"))
      answer = frame();
    auto pid = member(answer, R"("pid":")");
    if (pid_.empty()) {
      line_->send_text(
        R"(427["app::websocket:subscribe",{"topic":"rooms/1"}])");
      while (!frame().starts_with("437"))
        ;
      ++all_.subscribed;
    } else {
      ++all_.returns;
      if (pid != pid_)
        ++all_.wrong;
    }
    pid_ = pid;
  }

  void lose() {
    // Of some the server is not told.
    if (random_() % 3 == 0)
      dark_.push_back(std::move(line_));
    line_.reset();
  }

  void hear(const std::string& packet) {
    if (!packet.starts_with("42["))
      return;
    if (member(packet, R"("text":")") != std::to_string(next_++))
      ++all_.wrong;
    auto end = packet.size() - 2;
    auto begin = packet.rfind('"', end - 1) + 1;
    offset_ = packet.substr(begin, end - begin);
  }

  static std::string member(const std::string& text, std::string_view name) {
    auto at = text.find(name);
    if (at == text.npos)
      return {};
    at += name.size();
    return text.substr(at, text.find('"', at) - at);
  }

  /// The next whole one; all are short.
  std::string frame() {
    for (;;) {
      std::size_t header = 2;
      std::size_t size = got_.size() < 4 ? ~std::size_t{0} : 0;
      if (size == 0) {
        auto byte = [this](std::size_t i) {
          return static_cast<std::size_t>(static_cast<unsigned char>(got_[i]));
        };
        size = byte(1);
        if (size == 126) {
          size = byte(2) << 8 | byte(3);
          header = 4;
        }
      }
      if (size != ~std::size_t{0} && got_.size() >= header + size) {
        auto result = got_.substr(header, size);
        got_.erase(0, header + size);
        return result;
      }
      wait();
    }
  }

  void wait() {
    for (;;) {
      auto more = line_->received();
      got_ += more;
      if (!more.empty())
        return;
      pollfd what{line_->client_end(), POLLIN, 0};
      if (line_->has_ended() || ::poll(&what, 1, 20'000) != 1)
        throw std::runtime_error{"nothing comes"};
    }
  }

  shared& all_;
  std::mt19937 random_;
  std::unique_ptr<socket_pair> line_;
  std::vector<std::unique_ptr<socket_pair>> dark_;
  std::string got_;
  std::string pid_;
  std::string offset_;
  int next_ = 1;
};

} // namespace

TEST_CASE("clients that come back on other threads get all of it in order") {
  shared all;
  constexpr int peers = 4;
  std::vector<std::thread> running;
  for (unsigned i = 0; i < peers; ++i)
    running.emplace_back([&all, i] {
      try {
        lost_peer{all, i + 1}.run();
      } catch (const std::exception&) {
        ++all.wrong;
        ++all.subscribed;
      }
    });
  while (all.subscribed < peers)
    std::this_thread::yield();
  for (int i = 1; i <= most; ++i) {
    (void) all.host.events->publish(posted{"1", std::to_string(i)});
    if (i % 10 == 0)
      std::this_thread::sleep_for(std::chrono::microseconds{200});
  }
  for (auto& x : running)
    x.join();
  CHECK(all.wrong == 0);
  CHECK(all.returns > peers);
}
