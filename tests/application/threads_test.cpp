// Connections on several I/O threads, publishers of every kind on threads of
// their own: each client hears each publisher's events in order, none missing,
// none twice, and each reply behind what its strategy has published.

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>

#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "support/quiet_log.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

constexpr int rounds = 300;
constexpr int clients_a_thread = 6;

struct counted {
  std::string from;
  int number;

  topic topics() const {
    return topic{"counted/" + from};
  }

  client_message to_client() const {
    return make_client_message("counted", *this);
  }
};

BOOST_DESCRIBE_STRUCT(counted, (), (from, number))

/// The next event of a publisher, which is one actor or one thread.
counted next(const std::string& from, int& number) {
  return {from, ++number};
}

/// Hears what the server says, on its thread.
class listener_end : public transport {
public:
  void send(std::string_view frame) override {
    std::string text{frame};
    if (test::contains(text, R"("topic":"counted")"))
      hear(text);
    else if (test::contains(text, R"("topic":"app::)"))
      replied(text);
  }

  void close(const close_reason& why) override {
    faults.push_back("closed: " + why.reason);
  }

  std::map<std::string, int> last;
  int replies = 0;
  std::vector<std::string> faults;

private:
  static int number_in(const std::string& text, const std::string& name) {
    auto i = text.find('"' + name + "\":");
    return std::stoi(text.substr(i + name.size() + 3));
  }

  void hear(const std::string& text) {
    auto i = text.find(R"("from":")") + 8;
    auto from = text.substr(i, text.find('"', i) - i);
    auto number = number_in(text, "number");
    if (number != ++last[from])
      faults.push_back(from + " " + std::to_string(number) + " instead of "
                       + std::to_string(last[from]));
  }

  /// The payload is the number of the event that came before.
  void replied(const std::string& text) {
    ++replies;
    if (!test::contains(text, "app::inline"))
      return;
    if (last[me] < number_in(text, "payload"))
      faults.push_back("a reply before its event: " + text);
  }

public:
  std::string me;
};

struct world {
  explicit world(std::size_t threads) {
    env.options.max_queued = 1'000'000;
    env.on_open = [](client& self) {
      self.subscribe("counted");
      // Some have a handler, so that their events take the longer way.
      if (self.state<int>() = ++opened; self.state<int>() % 3 == 0)
        self.subscribe("counted/backend", [self](const counted& what) mutable {
          self.send("counted", what);
        });
    };
    strategies.add("app::inline:publish", [](context& ctx, int kind) {
      thread_local std::map<std::string, int> numbers;
      auto& me = ctx.claims().connection_id;
      auto& number = numbers[me];
      if (kind % 3 == 0) {
        (void) ctx.publish_sync(next(me, number), 10s);
      } else if (kind % 3 == 1) {
        context copy{ctx};
        (void) copy.publish(next(me, number));
      } else {
        (void) ctx.publish(next(me, number));
      }
      return number;
    });
    domain = host(services, {}, [](domain_actor<int>* self) -> domain_behavior {
      self->subscribe("echo");
      return {on("app::hosted:publish", [=](context& ctx, int kind) {
        if (kind % 3 == 0)
          (void) ctx.publish_sync(next("domain", self->state), 10s);
        else if (kind % 3 == 1)
          (void) self->publish(next("domain", self->state));
        else
          (void) ctx.publish(next("domain", self->state));
        return self->state;
      })};
    });
    for (std::size_t i = 0; i < threads; ++i)
      loops.push_back(std::make_unique<detail::io_thread>(system, 1h, 65'536));
  }

  ~world() {
    caf::anon_send_exit(domain, caf::exit_reason::user_shutdown);
    watch.finish();
  }

  static inline std::atomic<int> opened = 0;

  test::quiet_log quiet;
  strategy_registry strategies;
  std::optional<bus> events;
  domain_health domains;
  blocking_pool pool;
  // There until the last actor has ended.
  std::vector<std::unique_ptr<detail::io_thread>> loops;
  std::optional<client_environment> made;
  caf::actor_system_config config;
  caf::actor_system system{config};
  flamigo::services services{system, strategies, events.emplace(system),
                             domains, pool};
  roster watch{*events};
  client_environment& env
    = made.emplace(client_environment{services, {}, watch.handle()});
  caf::actor domain;
};

struct member {
  std::shared_ptr<listener_end> out = std::make_shared<listener_end>();
  client_feed feed;
};

void keep_the_order(std::size_t threads) {
  world where{threads};
  std::vector<std::vector<member>> members(threads);
  std::atomic<std::size_t> ready = 0;
  std::vector<std::thread> running;
  for (std::size_t i = 0; i < threads; ++i) {
    auto& loop = *where.loops[i];
    members[i].resize(clients_a_thread);
    detail::net::post(loop.context(), [&, i] {
      for (auto& x : members[i]) {
        auto who = std::make_shared<claims>();
        who->type = claims_type::websocket;
        who->connection_id = "c" + std::to_string(i) + "-"
                             + std::to_string(&x - members[i].data());
        x.out->me = who->connection_id;
        x.feed = client_feed{where.env, &loop, x.out, std::move(who)};
      }
      ++ready;
    });
    running.emplace_back([&loop] { loop.run(); });
  }
  while (ready < threads)
    std::this_thread::yield();
  // A thread that is no actor's publishes beside the clients' requests.
  std::thread backend{[&where] {
    int number = 0;
    for (int i = 0; i < rounds; ++i)
      if (i % 10 == 0)
        (void) where.events->publish_sync(next("backend", number), 10s);
      else
        (void) where.events->publish(next("backend", number));
  }};
  for (int r = 0; r < rounds; ++r)
    for (std::size_t i = 0; i < threads; ++i)
      detail::net::post(where.loops[i]->context(), [&, i, r] {
        where.loops[i]->turn([&] {
          auto& x = members[i][static_cast<std::size_t>(r) % clients_a_thread];
          x.feed.message(test::call(r % 2 == 0 ? "app::inline:publish"
                                               : "app::hosted:publish",
                                    std::to_string(r), r));
        });
      });
  backend.join();
  // Each is asked until all has come.
  auto total = static_cast<int>(threads) * rounds;
  auto done = [&] {
    std::atomic<int> replies = 0;
    std::atomic<int> behind = 0;
    std::atomic<std::size_t> asked = 0;
    for (std::size_t i = 0; i < threads; ++i)
      detail::net::post(where.loops[i]->context(), [&, i] {
        for (auto& x : members[i]) {
          replies += x.out->replies;
          int heard = 0;
          for (auto& [from, number] : x.out->last)
            heard += number;
          if (heard < total + rounds && x.out->faults.empty())
            ++behind;
        }
        ++asked;
      });
    while (asked < threads)
      std::this_thread::yield();
    return replies == total && behind == 0;
  };
  auto deadline = std::chrono::steady_clock::now() + 60s;
  while (!done() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  for (std::size_t i = 0; i < threads; ++i)
    detail::net::post(where.loops[i]->context(), [&, i] {
      for (auto& x : members[i])
        x.feed.closed({close_code::going_away, ""});
      where.loops[i]->stop();
    });
  for (auto& x : running)
    x.join();
  for (auto& x : where.loops)
    x->retire();
  for (auto& list : members)
    for (auto& x : list) {
      INFO(x.out->me);
      CHECK(x.out->faults == std::vector<std::string>{});
      CHECK(x.out->last["backend"] == rounds);
      CHECK(x.out->last["domain"] == total / 2);
    }
}

} // namespace

TEST_CASE("the order is kept on one thread") {
  keep_the_order(1);
}

TEST_CASE("the order is kept on two threads") {
  keep_the_order(2);
}

TEST_CASE("the order is kept on four threads") {
  keep_the_order(4);
}
