#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <catch2/catch_test_macros.hpp>

#include "cluster/fake_network.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/bus/detail/home_unit.hpp"
#include "flamigo/cluster/detail/cluster_presence.hpp"
#include "flamigo/cluster/detail/node_relay.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/presence/memory_presence.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/actor_fixture.hpp"

namespace flamigo::test {

/// What is published in these tests.
struct news {
  std::string where;
  std::uint64_t number = 0;

  flamigo::topic topics() const {
    return flamigo::topic{where};
  }

  client_message to_client() const {
    return make_client_message("news", *this);
  }
};

BOOST_DESCRIBE_STRUCT(news, (), (where, number))

/// Somebody who listens, and what he has heard.
struct listener {
  caf::actor handle;
  std::shared_ptr<std::vector<event_ptr>> heard
    = std::make_shared<std::vector<event_ptr>>();

  std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> result;
    for (auto& x : *heard)
      if (auto* what = x->get_if<news>())
        result.push_back(what->number);
    return result;
  }
};

/// Several nodes without threads and clocks.
class node_world : public testing::actor_fixture {
public:
  using milliseconds = std::chrono::milliseconds;

  static constexpr milliseconds heartbeat{2'000};
  static constexpr milliseconds gone_after{10'000};

  static constexpr std::size_t max_wishes = 10'000;

  /// A thread whose turn comes when the test says so.
  class unit final : public detail::home_unit {
  public:
    explicit unit(caf::actor_system& system) : home_unit(&system) {
    }

    void exec_later(caf::resumable* what) override {
      if (what->subtype() == caf::resumable::io_actor)
        ready_.push_back(what);
      else
        system().scheduler().enqueue(what);
    }

    template <class F>
    void turn(F f) {
      scope here{this};
      settle();
      f();
      while (!ready_.empty()) {
        auto* what = ready_.front();
        ready_.pop_front();
        if (what->resume(this, 100) == caf::resumable::resume_later)
          ready_.push_back(what);
        else
          caf::intrusive_ptr_release(what);
      }
    }

  private:
    void wake() override {
    }

    std::deque<caf::resumable*> ready_;
  };

  struct node {
    node(node_world& in, std::string id, bool runs_calls)
      : name(std::move(id)),
        events(in.system), services{in.system, strategies, events, domains,
                                    in.pool},
        home(in.system), transport(in.network), local(events),
        people(
          local, [this] { woken = true; }, [&in] { return ++in.stamp; }),
        relay(std::make_shared<detail::node_relay>(events, home, transport,
                                                   options(runs_calls))) {
    }

    detail::node_relay_options options(bool runs_calls) {
      return {
        .id = name,
        .name = "node " + name,
        .heartbeat = heartbeat,
        .gone_after = gone_after,
        .wake = [this] { woken = true; },
        .on_gap = [this](auto& whose, auto n) { gaps.emplace_back(whose, n); },
        .people = &people,
        .ask = [this](auto what, auto whom) { ask(what, whom); },
        .connections = [this] { return connections; },
        .max_wishes = max_wishes,
        .reads_journal = [this] { return reads_journal; },
        .services = runs_calls ? &services : nullptr,
      };
    }

    ~node() {
      events.stop();
    }

    std::string name;
    flamigo::bus events;
    strategy_registry strategies;
    domain_health domains;
    flamigo::services services;
    unit home;
    fake_network::end transport;
    memory_presence local;
    detail::cluster_presence people;
    std::shared_ptr<detail::node_relay> relay;
    std::size_t connections = 0;
    bool reads_journal = false;
    /// What it does with questions of other nodes.
    std::function<void(detail::client_question&, detail::reply_address&)> ask
      = [](auto&, auto& whom) {
          detail::late_reply{whom}.deliver(make_error(errc::unavailable));
        };
    std::vector<std::pair<std::string, std::optional<std::uint64_t>>> gaps;
    /// It wants to have its turn.
    bool woken = false;
  };

  explicit node_world(std::uint32_t seed = 1) : network(seed) {
    network.around = [this](const std::string& id, auto& body) {
      for (auto& x : nodes)
        if (x->name == id)
          x->home.turn(body);
    };
  }

  ~node_world() {
    for (auto& x : nodes)
      stop(*x);
    end();
  }

  node& add(std::string id, bool runs_calls = true) {
    auto& made = *nodes.emplace_back(
      std::make_unique<node>(*this, std::move(id), runs_calls));
    made.events.relay_by(made.relay);
    before_start(made);
    if (std::exchange(made.woken, false))
      made.home.turn([&] { made.relay->work(); });
    made.home.turn([&] { made.relay->start(now_); });
    return made;
  }

  void stop(node& what) {
    what.home.turn([&] { what.relay->stop(); });
  }

  listener listen(node& on, const std::string& pattern) {
    listener result;
    result.handle
      = system.spawn([to = result.heard](caf::event_based_actor* self) {
          self->set_default_handler(caf::drop);
          return caf::behavior{
            [to](const event_ptr& what) { to->push_back(what); }};
        });
    adopt(result.handle);
    on.events.subscribe(caf::actor_cast<caf::strong_actor_ptr>(result.handle),
                        topic_pattern{pattern});
    return result;
  }

  static void publish(node& on, std::string where, std::uint64_t number) {
    (void) on.events.publish(news{std::move(where), number});
  }

  /// The same with a place in a history.
  static void publish_kept(node& on, std::string where, std::uint64_t number) {
    auto made = detail::make_event(news{std::move(where), number},
                                   acting_actor{{}, backend_claims()});
    REQUIRE(made);
    auto& what = **made;
    what.keep({{what.topics().front().text(), {1, number}, {}}});
    (void) on.events.deliver(*made, nullptr);
  }

  /// All that is due at this time, on all nodes.
  void settle() {
    for (auto i = 0; i < 3; ++i) {
      for (auto& x : nodes)
        x->home.turn([&] {
          if (std::exchange(x->woken, false))
            x->relay->work();
        });
      network.run();
      run();
    }
  }

  /// Time goes by.
  void pass(milliseconds by) {
    for (auto end = now_ + by; now_ < end;) {
      now_ += milliseconds{250};
      for (auto& x : nodes)
        x->home.turn([&] { x->relay->tick(now_); });
      settle();
    }
  }

  /// What happens to a node between being made and started.
  std::function<void(node&)> before_start = [](node&) {};

  fake_network network;
  /// Of the nodes' clocks, which are all the same.
  std::uint64_t stamp = 0;
  std::vector<std::unique_ptr<node>> nodes;

private:
  std::chrono::steady_clock::time_point now_{std::chrono::hours{1}};
};

} // namespace flamigo::test
