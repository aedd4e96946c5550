#include "flamigo/cluster/detail/nats_pair.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <catch2/catch_test_macros.hpp>

#include "cluster/nats_server.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/testing/actor_fixture.hpp"
#include "support/quiet_log.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

/// In the middle of a message when it is left.
struct slow_reader : detail::nats_pair {
  using nats_pair::nats_pair;

  ~slow_reader() override {
    disconnect();
  }

  bool is_wanted() const override {
    return true;
  }

  void listen() override {
    subscribe(subject("slow"), on_message, this);
  }

  void up() override {
    connected.set_value();
  }

  void down(std::string) override {
  }

  void take(std::string_view) override {
  }

  static void on_message(natsConnection*, natsSubscription*, natsMsg* got,
                         void* closure) {
    natsMsg_Destroy(got);
    auto& self = *static_cast<slow_reader*>(closure);
    self.has_begun.set_value();
    self.was_left = self.left.get_future().wait_for(300ms)
                    == std::future_status::ready;
  }

  std::promise<void> connected;
  std::promise<void> has_begun;
  std::promise<void> left;
  bool was_left = false;
};

/// Subscribes anew while much comes.
struct restless_reader : detail::nats_pair {
  using nats_pair::nats_pair;

  ~restless_reader() override {
    disconnect();
  }

  bool is_wanted() const override {
    return true;
  }

  void listen() override {
  }

  void up() override {
    natsSubscription* what = nullptr;
    for (auto i = 0; i < 500; ++i) {
      unsubscribe(
        std::exchange(what, subscribe(subject("news"), on_message, this)));
      for (auto j = 0; j < 50; ++j)
        publish(subject("news"), "news");
    }
    publish(subject("news"), "last");
  }

  void down(std::string) override {
  }

  void take(std::string_view frame) override {
    if (frame == "last")
      last.set_value();
  }

  static void on_message(natsConnection*, natsSubscription*, natsMsg* got,
                         void* closure) {
    static_cast<restless_reader*>(closure)->put(natsMsg_GetData(got));
    natsMsg_Destroy(got);
  }

  std::promise<void> last;
};

/// A reader on a thread of its own, with a server.
template <class Reader>
struct reading : testing::actor_fixture {
  reading() {
    server.start();
    cluster_options options;
    options.nats_url = server.url();
    uut = std::make_shared<Reader>(thread, options);
    uut->connect();
    thread.call_later([this] { uut->look_after(); });
    runner = std::thread{[this] { thread.run(); }};
  }

  template <class F>
  void leave(F then) {
    thread.call_later([&] {
      uut->disconnect();
      then();
      thread.stop();
    });
    runner.join();
  }

  test::quiet_log quiet;
  test::nats_server server;
  detail::io_thread thread{system, 250ms, 0};
  std::shared_ptr<Reader> uut;
  std::thread runner;
};

} // namespace

TEST_CASE_METHOD(reading<slow_reader>,
                 "who leaves waits for the library's threads") {
  auto is_up = uut->connected.get_future().wait_for(20s);
  auto is_sent = server.publish("flamigo.flamigo.slow", "hello");
  auto has_begun = uut->has_begun.get_future().wait_for(20s);
  leave([&] { uut->left.set_value(); });
  CHECK(is_up == std::future_status::ready);
  CHECK(is_sent);
  CHECK(has_begun == std::future_status::ready);
  CHECK_FALSE(uut->was_left);
}

TEST_CASE_METHOD(reading<restless_reader>,
                 "who subscribes anew is not in the way of what comes") {
  auto has_come = uut->last.get_future().wait_for(20s);
  leave([] {});
  CHECK(has_come == std::future_status::ready);
}
