#include <deque>

#include <caf/scheduler/abstract_coordinator.hpp>

#include "bench_client.hpp"
#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/client/client.hpp"
#include "messages.hpp"
#include "scenarios.hpp"

namespace {

constexpr std::size_t audience = 100;

/// A thread whose turn comes when it is called.
class other_thread final : public flamigo::detail::home_unit {
public:
  explicit other_thread(caf::actor_system& system) : home_unit(&system) {
  }

  void exec_later(caf::resumable* what) override {
    system().scheduler().enqueue(what);
  }

  template <class F>
  void turn(F body) {
    scope here{this};
    settle();
    body();
  }

private:
  void wake() override {
    // It is called.
  }
};

class remote_event final : public scenario {
public:
  remote_event() {
    where_.env.on_open = [](flamigo::client& who) {
      (void) who.subscribe("rooms/general");
    };
    thread_.turn([this] {
      for (std::size_t i = 0; i < audience; ++i)
        clients_.emplace_back(where_, thread_);
    });
    where_.run();
  }

  ~remote_event() override {
    thread_.turn([this] { clients_.clear(); });
  }

  bool run(int rounds) override {
    auto before = heard_by(clients_);
    for (int i = 0; i < rounds; ++i) {
      (void) where_.bus.publish(posted{7});
      thread_.turn([] {});
    }
    return heard_by(clients_) - before
           == audience * static_cast<std::size_t>(rounds);
  }

private:
  world where_;
  other_thread thread_{where_.system};
  std::deque<bench_client> clients_;
};

} // namespace

std::unique_ptr<scenario> make_remote_event() {
  return std::make_unique<remote_event>();
}
