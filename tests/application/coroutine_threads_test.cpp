// Coroutines of connections on several I/O threads and of domains on CAF's,
// with others around them, which await each other, time, the pool for what
// blocks and a thread that calls back: each request is answered once and right,
// some connections end in the midst of it, and no frame is left behind.

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>

#include "flamigo/blocking/blocking.hpp"
#include "flamigo/blocking/blocking_pool.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/client/client_feed.hpp"
#include "flamigo/client/transport.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/task/when_all.hpp"
#include "support/quiet_log.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t threads = 3;
constexpr int clients_a_thread = 6;
constexpr int rounds = 300;

std::atomic<int> alive = 0;
std::atomic<int> wrapped = 0;
std::atomic<int> opened = 0;

/// A part of a frame.
struct probe {
  probe() {
    ++alive;
  }

  probe(const probe&) = delete;

  probe& operator=(const probe&) = delete;

  ~probe() {
    --alive;
  }
};

/// Calls back, some time later.
class caller_back {
public:
  void add(resolver<int> done, int what) {
    std::lock_guard guard{mtx_};
    waiting_.emplace_back(std::move(done), what);
    changed_.notify_one();
  }

  /// What nobody has called is dropped.
  void stop() {
    {
      std::lock_guard guard{mtx_};
      ended_ = true;
      changed_.notify_one();
    }
    thread_.join();
    waiting_.clear();
  }

private:
  void run() {
    std::unique_lock guard{mtx_};
    while (true) {
      changed_.wait(guard, [this] { return ended_ || !waiting_.empty(); });
      if (ended_)
        return;
      auto some = std::exchange(waiting_, {});
      guard.unlock();
      for (auto& [done, what] : some)
        done(what);
      some.clear();
      guard.lock();
    }
  }

  std::mutex mtx_;
  std::condition_variable changed_;
  std::vector<std::pair<resolver<int>, int>> waiting_;
  bool ended_ = false;
  std::thread thread_{[this] { run(); }};
};

/// Counts what the server says, on the thread of the connection.
class counting_end : public transport {
public:
  void send(std::string_view frame) override {
    std::string text{frame};
    // What was asked is the number of the request.
    auto n = number_in(text, "\"ackId\":");
    if (text == test::replied("app::inline:work", std::to_string(3 * n + 3), n))
      ++replies;
    else
      faults.push_back(text);
  }

  void close(const close_reason& why) override {
    faults.push_back("closed: " + why.reason);
  }

  std::atomic<int> replies = 0;
  std::vector<std::string> faults;

private:
  static int number_in(const std::string& text, std::string_view key) {
    auto at = text.find(key);
    return at == text.npos ? -1 : std::atoi(text.c_str() + at + key.size());
  }
};

/// Waits for something of another thread, or not at all.
task<int> elsewhere(context& ctx, caller_back& other, int n) {
  probe here;
  std::string text(100, 'x');
  switch (n % 4) {
    case 0:
      co_await sleep(ctx, 100us).or_throw();
      co_return n;
    case 1: {
      auto later = [n] { return n; };
      co_return co_await blocking(ctx, later).or_throw();
    }
    case 2: {
      auto ask = [&other, n](resolver<int> done) {
        other.add(std::move(done), n);
      };
      co_return co_await callback<int>(ctx, ask).or_throw();
    }
    default:
      co_return static_cast<int>(text.size()) - 100 + n;
  }
}

struct world {
  world() {
    env.options.max_in_flight = 10'000;
    env.options.max_queued = 1'000'000;
    env.on_open = [this](context ctx, client) -> task<void> {
      probe here;
      co_await elsewhere(ctx, other, 1).or_throw();
      ++opened;
      co_return ok;
    };
    strategies.around("app::*:work",
                      [](context ctx, next next) -> task<raw_json> {
                        probe here;
                        ++wrapped;
                        co_return co_await next(ctx);
                      });
    strategies.add("app::inline:work", [this](context ctx, int n) -> task<int> {
      probe here;
      auto one = ctx.call_strategy<int>("app::one:work", n);
      auto two = ctx.call_strategy<int>("app::two:work", n);
      auto [a, b]
        = co_await when_all(std::move(one), std::move(two)).or_throw();
      auto mine = co_await elsewhere(ctx, other, n).or_throw();
      co_return a + b + mine + 1;
    });
    domains.push_back(
      host(services, {}, [this](domain_actor<int>* self) -> domain_behavior {
        self->every(1ms, [=]() -> task<void> {
          probe here;
          co_await sleep(self->as_domain(), 1ms).or_throw();
          ++self->state;
          co_return ok;
        });
        return {on("app::one:work", [=, this](context ctx, int n) -> task<int> {
          probe here;
          ++self->state;
          co_await ctx.call_strategy<int>("app::two:work", n).or_throw();
          co_return co_await elsewhere(ctx, other, n + 1).or_throw();
        })};
      }));
    domains.push_back(
      host(services, {}, [this](domain_actor<int>* self) -> domain_behavior {
        return {on("app::two:work", [=, this](context ctx, int n) -> task<int> {
          probe here;
          auto result = co_await elsewhere(ctx, other, n + 1).or_throw();
          ++self->state;
          co_return result;
        })};
      }));
    for (std::size_t i = 0; i < threads; ++i)
      loops.push_back(std::make_unique<detail::io_thread>(system, 1h, 65'536));
  }

  ~world() {
    for (auto& x : domains)
      caf::anon_send_exit(x.actor(), caf::exit_reason::user_shutdown);
    watch.finish();
    system.await_all_actors_done();
    // They refer to actors, which refer to the system.
    other.stop();
    pool.stop();
  }

  test::quiet_log quiet;
  strategy_registry strategies;
  std::optional<bus> events;
  domain_health health;
  blocking_pool pool;
  caller_back other;
  // There until the last actor has ended.
  std::vector<std::unique_ptr<detail::io_thread>> loops;
  std::optional<client_environment> made;
  caf::actor_system_config config;
  caf::actor_system system{config};
  flamigo::services services{system, strategies, events.emplace(system), health,
                             pool};
  roster watch{*events};
  client_environment& env
    = made.emplace(client_environment{services, {}, watch.handle()});
  std::vector<domain_handle> domains;
};

struct member {
  std::shared_ptr<counting_end> out = std::make_shared<counting_end>();
  client_feed feed;
  /// Goes in the midst of its requests.
  bool goes = false;
};

} // namespace

TEST_CASE("coroutines on several threads answer, and end, as they should") {
  std::vector<std::vector<member>> members(threads);
  auto total = 0;
  {
    world where;
    std::vector<std::thread> running;
    std::atomic<std::size_t> ready = 0;
    for (std::size_t i = 0; i < threads; ++i) {
      auto& loop = *where.loops[i];
      members[i].resize(clients_a_thread);
      detail::net::post(loop.context(), [&, i] {
        for (auto& x : members[i]) {
          auto number = &x - members[i].data();
          x.goes = number % 3 == 0;
          auto who = std::make_shared<claims>();
          who->type = claims_type::websocket;
          who->connection_id = "c" + std::to_string(i) + "-"
                               + std::to_string(number);
          x.feed = client_feed{where.env, &loop, x.out, std::move(who)};
        }
        ++ready;
      });
      running.emplace_back([&loop] { loop.run(); });
    }
    while (ready < threads)
      std::this_thread::yield();
    for (int r = 0; r < rounds; ++r)
      for (std::size_t i = 0; i < threads; ++i) {
        auto& x = members[i][static_cast<std::size_t>(r) % clients_a_thread];
        total += x.goes ? 0 : 1;
        detail::net::post(where.loops[i]->context(), [&, i, r] {
          where.loops[i]->turn([&] {
            if (x.feed)
              x.feed.message(
                test::call("app::inline:work", std::to_string(r), r));
            if (x.goes && r > rounds / 2 && x.feed)
              std::exchange(x.feed, {}).closed({close_code::going_away, ""});
          });
        });
      }
    auto replies = [&] {
      auto sum = 0;
      for (auto& list : members)
        for (auto& x : list)
          sum += x.goes ? 0 : x.out->replies.load();
      return sum;
    };
    auto deadline = std::chrono::steady_clock::now() + 60s;
    constexpr auto staying = static_cast<int>(threads) * clients_a_thread * 2
                             / 3;
    while ((replies() < total || opened < staying)
           && std::chrono::steady_clock::now() < deadline)
      std::this_thread::yield();
    CHECK(replies() == total);
    CHECK(opened >= staying);
    for (std::size_t i = 0; i < threads; ++i)
      detail::net::post(where.loops[i]->context(), [&, i] {
        for (auto& x : members[i])
          if (x.feed)
            x.feed.closed({close_code::going_away, ""});
        where.loops[i]->stop();
      });
    for (auto& x : running)
      x.join();
    for (auto& x : where.loops)
      x->retire();
  }
  CHECK(alive == 0);
  // Each request that was answered has called three.
  CHECK(wrapped >= 4 * total);
  for (auto& list : members)
    for (auto& x : list)
      CHECK(x.out->faults == std::vector<std::string>{});
}
