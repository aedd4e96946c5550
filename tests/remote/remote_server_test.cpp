// Against a server over sockets, which are cut, and which is started again.

#include "flamigo/remote.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/client/websocket_client.hpp"
#include "flamigo/context/require_user.hpp"
#include "flamigo/task/stream.hpp"
#include "flamigo/task/task.hpp"
#include "support/cut_relay.hpp"
#include "support/events.hpp"
#include "support/quiet_log.hpp"
#include "support/tls_files.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using test::cut_relay;
using test::posted;

namespace {

struct sum_input {
  int a = 0;
  int b = 0;
};

BOOST_DESCRIBE_STRUCT(sum_input, (), (a, b))

stream<int> count_up(context, int to) {
  for (auto i = 1; i <= to; ++i)
    co_yield i;
}

task<bool> ask(context ctx) {
  auto who = require_actor<websocket_client>(ctx);
  co_return co_await who->request<bool>(ctx, "trade:confirm", 7);
}

std::unique_ptr<configuration> any_port() {
  auto result = std::make_unique<configuration>();
  result->server.port = 0;
  result->server.threads = 1;
  result->log_level = log::level::off;
  return result;
}

/// A server that adds, counts, asks and posts.
struct adding_server {
  adding_server() {
    app = std::make_unique<application>(any_port());
    auto open = open_to_guests();
    auto& all = app->strategies();
    all.add("app::test:add", open, [this](const sum_input& in) {
      std::lock_guard guard{mutex};
      ++runs[in.a];
      return in.a + in.b;
    });
    all.add("app::test:count", open, count_up);
    all.add("app::test:name",
            [](context& ctx) { return require_user(ctx)->name; });
    all.add("app::test:ask", open, ask);
    app->channel("rooms/*", open, {.history = history_limits{}});
    app->authenticate(
      [](std::string_view token, const claims&) -> caf::expected<user> {
        if (!token.starts_with("good"))
          return make_error(errc::unauthorized, "who are you?");
        return user{.id = "1", .name = "Ada"};
      });
    app->start();
  }

  int runs_of(int a) {
    std::lock_guard guard{mutex};
    return runs[a];
  }

  std::mutex mutex;
  std::map<int, int> runs;
  std::unique_ptr<application> app;
};

remote_options quick(std::string url) {
  remote_options result;
  result.url = std::move(url);
  result.min_delay = 1ms;
  result.max_delay = 10ms;
  result.token = [] { return remote_token{"good"}; };
  return result;
}

std::string url_of(const adding_server& to) {
  return "ws://127.0.0.1:" + std::to_string(to.app->port()) + "/ws";
}

/// Waits for something that other threads do.
class wait_point {
public:
  template <class F>
  void change(F f) {
    std::lock_guard guard{mutex_};
    f();
    changed_.notify_all();
  }

  template <class F>
  bool reached(F f) {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, 60s, f);
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

template <class T>
T got(std::future<T> what) {
  if (what.wait_for(60s) != std::future_status::ready)
    throw std::runtime_error{"nothing has come for a minute"};
  return what.get();
}

} // namespace

TEST_CASE("a server is called with structs") {
  adding_server host;
  remote_server server{quick(url_of(host))};
  auto sum = server.call<int>("app::test:add", sum_input{1, 2});
  REQUIRE(sum);
  CHECK(*sum == 3);
  CHECK(*server.call<std::string>("app::test:name") == "Ada");
  CHECK(server.state().phase == remote_phase::open);
  // What is wrong says so, as it does to any client.
  auto wrong = server.call<int>("app::test:add", std::string{"x"});
  CHECK(wrong.error() == errc::invalid_payload);
  CHECK(server.call("app::test:nothing").error() == errc::unknown_strategy);
  auto unfit = server.call<std::string>("app::test:add", sum_input{1, 2});
  CHECK(code_of(unfit.error()) == remote_code::unfit);
  CHECK(may_have_run(unfit.error()));
}

TEST_CASE("answers come to functions, one at a time, which may call as well") {
  adding_server host;
  remote_server server{quick(url_of(host))};
  std::promise<caf::expected<int>> second;
  std::promise<caf::error> waiting;
  server.call_then<int>(
    "app::test:add", sum_input{1, 2}, [&](caf::expected<int> first) {
      waiting.set_value(server.call("app::test:name").error());
      server.call_then<int>("app::test:add", sum_input{*first, 4},
                            [&](caf::expected<int> what) {
                              second.set_value(std::move(what));
                            });
    });
  CHECK(*got(second.get_future()) == 7);
  auto why = got(waiting.get_future());
  CHECK(why == errc::internal);
  CHECK(public_message(why)
        == "remote_server::call waits for the very thread that it is called "
           "on: use call_then, or call_async and its future elsewhere");
}

TEST_CASE("an answer in parts is read at the reader's pace") {
  adding_server host;
  remote_server server{quick(url_of(host))};
  std::vector<int> items;
  std::promise<caf::expected<void>> ended;
  server.stream<int>(
    "app::test:count", 1000, [&](int item) { items.push_back(item); },
    [&](caf::expected<void> what) { ended.set_value(std::move(what)); });
  CHECK(got(ended.get_future()));
  CHECK(items.size() == 1000);
  CHECK(items.back() == 1000);
  std::promise<caf::expected<void>> stopped;
  server.stream<int>(
    "app::test:count", 1'000'000, [](int item) { return item < 10; },
    [&](caf::expected<void> what) { stopped.set_value(std::move(what)); });
  CHECK(got(stopped.get_future()).error() == errc::cancelled);
}

TEST_CASE("a server asks, and is answered") {
  adding_server host;
  remote_server server{quick(url_of(host))};
  CHECK(server.call<bool>("app::test:ask").error() == errc::unknown_strategy);
  server.answer<int, bool>("trade:confirm", [](int id) { return id == 7; });
  CHECK(*server.call<bool>("app::test:ask"));
  server.answer<int, bool>("trade:confirm", [](int) -> caf::expected<bool> {
    return public_error("no", 409, "declined");
  });
  CHECK(code_of(server.call<bool>("app::test:ask").error()) == "declined");
  std::thread later;
  server.answer_later<int, bool>(
    "trade:confirm", [&](int, remote_question<bool> question) {
      later = std::thread{[question] { question(true); }};
    });
  CHECK(*server.call<bool>("app::test:ask"));
  later.join();
  // Who lets go of it has answered as well.
  server.answer_later<int, bool>("trade:confirm",
                                 [](int, remote_question<bool>) {});
  CHECK(server.call<bool>("app::test:ask").error() == errc::internal);
}

TEST_CASE("by TLS only those are talked to whose certificates are trusted") {
  test::tls_files files;
  files.files.write("ca.pem", files.authority.pem());
  files.files.write("other.pem", test::test_authority{"Others"}.pem());
  // The first is for who does not say whom he wants.
  files.files.write("first.pem",
                    files.authority.issue({.names = "DNS:a.example"}).both());
  files.files.write("server.pem",
                    files.authority.issue({.names = "DNS:localhost"}).both());
  auto config = any_port();
  config->server.tls = files.options;
  config->server.tls.certificates = {files.path("first.pem"),
                                     files.path("server.pem")};
  config->server.tls.port = 0;
  application app{std::move(config)};
  app.strategies().add("app::test:one", [] { return 1; });
  app.start();
  auto options_of = [&](const std::string& host, const std::string& ca) {
    return remote_options{.url = "wss://" + host + ":"
                                 + std::to_string(app.tls_port()) + "/ws",
                          .ca_file = files.path(ca)};
  };
  remote_server server{options_of("localhost", "ca.pem")};
  CHECK(*server.call<int>("app::test:one") == 1);
  auto refusal = [&](const std::string& host, const std::string& ca) {
    auto options = options_of(host, ca);
    auto reason = std::make_shared<std::promise<remote_reason>>();
    options.on_state = [reason, once = false](const remote_state& now) mutable {
      if (now.phase == remote_phase::waiting && !std::exchange(once, true))
        reason->set_value(now.reason);
    };
    remote_server refused{options};
    return got(reason->get_future()).message;
  };
  CHECK(
    test::contains(refusal("localhost", "other.pem"), "certificate verify"));
  CHECK(test::contains(refusal("127.0.0.1", "ca.pem"), "certificate verify"));
}

TEST_CASE("calls are bounded, and end with the connection") {
  test::cut_relay nowhere;
  auto options = quick(nowhere.url());
  options.max_in_flight = 1;
  options.max_waiting = 1;
  std::future<caf::expected<void>> left;
  {
    remote_server server{options};
    left = server.call_async("app::test:name");
    auto other = server.call_async("app::test:name");
    auto full = server.call("app::test:name");
    CHECK(code_of(full.error()) == remote_code::queue_full);
  }
  CHECK(code_of(got(std::move(left)).error()) == remote_code::closed);
}

TEST_CASE("a function that is called may let go of the server") {
  adding_server host;
  auto server = std::make_shared<remote_server>(quick(url_of(host)));
  std::promise<std::future<caf::expected<void>>> made;
  auto* at = server.get();
  at->call_then<int>("app::test:add", sum_input{1, 2},
                     [&made, server = std::move(server)](auto&&) mutable {
                       auto last = server->call_async("app::test:name");
                       server.reset();
                       made.set_value(std::move(last));
                     });
  auto last = got(got(made.get_future()));
  REQUIRE_FALSE(last);
  CHECK((code_of(last.error()) == remote_code::closed
         || code_of(last.error()) == remote_code::lost));
}

TEST_CASE("handles outlive the server, and do nothing then") {
  adding_server host;
  std::promise<remote_question<bool>> asked;
  auto server = std::make_unique<remote_server>(quick(url_of(host)));
  server->answer_later<int, bool>(
    "trade:confirm", [&](int, const remote_question<bool>& question) {
      asked.set_value(question);
    });
  auto call = server->call_then<bool>("app::test:ask", caf::unit,
                                      [](auto&&) {});
  auto room = server->channel("rooms/a");
  auto question = got(asked.get_future());
  std::thread other{[question] {
    for (auto i = 0; i < 1000; ++i)
      question(true);
  }};
  server.reset();
  other.join();
  call.cancel();
  question(true);
  room.leave();
  CHECK(got(room.join()).error() == errc::unavailable);
}

TEST_CASE("many connections share a thread") {
  adding_server host;
  remote_thread shared;
  std::vector<std::unique_ptr<remote_server>> all;
  for (auto i = 0; i < 20; ++i)
    all.push_back(std::make_unique<remote_server>(quick(url_of(host)), shared));
  std::vector<std::future<caf::expected<int>>> sums;
  for (auto& x : all)
    sums.push_back(x->call_async<int>("app::test:add", sum_input{1, 2}));
  for (auto& x : sums)
    CHECK(*got(std::move(x)) == 3);
  all.resize(10);
  CHECK(*all[0]->call<int>("app::test:add", sum_input{2, 2}) == 4);
}

TEST_CASE("every event comes once, and every call ends, whatever is cut") {
  test::quiet_log silence;
  adding_server host;
  cut_relay relay;
  relay.aim(host.app->port());
  constexpr int count = 400;
  wait_point here;
  std::vector<int> heard;
  bool gap = false;
  remote_server server{quick(relay.url())};
  auto room = server.channel("rooms/a");
  room.on<posted>("chat:message", [&](const posted& what) {
    here.change([&] { heard.push_back(std::stoi(what.text)); });
  });
  room.on_joined([&](const remote_joined& what) {
    if (what.recovered == false)
      here.change([&] { gap = true; });
  });
  REQUIRE(got(room.join()));
  std::vector<std::future<caf::expected<int>>> sums;
  for (auto i = 1; i <= count; ++i) {
    CHECK_FALSE(host.app->bus().publish(posted{"a", std::to_string(i)}));
    sums.push_back(
      server.call_async<int>("app::test:add", sum_input{i, 1},
                             {.timeout = 50s, .idempotent = i % 2 == 0}));
    if (i % 10 == 0) {
      auto before = relay.accepted();
      relay.cut();
      // One that has come back is cut at another place than one that has not.
      if (i % 20 == 0)
        for (auto end = std::chrono::steady_clock::now() + 10s;
             relay.accepted() == before
             && std::chrono::steady_clock::now() < end;)
          std::this_thread::yield();
    }
  }
  int lost = 0;
  for (auto i = 1; i <= count; ++i) {
    auto sum = got(std::move(sums[static_cast<std::size_t>(i - 1)]));
    auto runs = host.runs_of(i);
    if (sum) {
      CHECK(*sum == i + 1);
      CHECK(runs >= 1);
    } else {
      // Those that may be made twice are never lost.
      CHECK(i % 2 == 1);
      CHECK(code_of(sum.error()) == remote_code::lost);
      ++lost;
    }
    if (i % 2 == 1)
      CHECK(runs <= 1);
  }
  CHECK(here.reached([&] { return heard.size() >= count; }));
  here.change([&] {
    CHECK_FALSE(gap);
    CHECK(heard.size() == count);
    for (std::size_t i = 0; i < heard.size(); ++i)
      CHECK(heard[i] == static_cast<int>(i) + 1);
  });
  CHECK(relay.accepted() > 10);
  INFO(lost << " answers were lost");
}

TEST_CASE("a server that was started again is found, and the gap is told") {
  test::quiet_log silence;
  cut_relay relay;
  auto first = std::make_unique<adding_server>();
  relay.aim(first->app->port());
  wait_point here;
  std::vector<std::string> heard;
  std::vector<std::optional<bool>> joined;
  remote_server server{quick(relay.url())};
  auto room = server.channel("rooms/a");
  room.on<posted>("chat:message", [&](const posted& what) {
    here.change([&] { heard.push_back(what.text); });
  });
  room.on_joined([&](const remote_joined& what) {
    here.change([&] { joined.push_back(what.recovered); });
  });
  REQUIRE(got(room.join()));
  CHECK_FALSE(first->app->bus().publish(posted{"a", "old"}));
  CHECK(here.reached([&] { return heard.size() == 1; }));
  first.reset();
  adding_server second;
  relay.aim(second.app->port());
  CHECK(*server.call<int>("app::test:add", sum_input{1, 2}, {.timeout = 50s})
        == 3);
  REQUIRE(here.reached([&] { return joined.size() == 2; }));
  CHECK(joined[1] == false);
  CHECK_FALSE(second.app->bus().publish(posted{"a", "new"}));
  CHECK(here.reached([&] { return heard.size() == 2; }));
  CHECK(heard[1] == "new");
}

TEST_CASE("what makes no sense is refused with a sentence") {
  CHECK_THROWS_AS((remote_server{{.url = "ws://x", .max_in_flight = 0}}),
                  std::invalid_argument);
  CHECK_THROWS_AS((remote_server{{.url = "ws://x", .patience = 0s}}),
                  std::invalid_argument);
  CHECK_THROWS_AS(remote_server{{.url = "http://x"}}, std::invalid_argument);
  CHECK_THROWS_AS(remote_server{{.url = "ws://"}}, std::invalid_argument);
  for (auto port : {"0", "65536", "http"})
    CHECK_THROWS_WITH(remote_server{{.url = std::string{"ws://x:"} + port}},
                      ContainsSubstring("has a port that is no number"));
  CHECK_THROWS_WITH(remote_server{{.url = "ws://:x"}},
                    ContainsSubstring("has no host"));
  CHECK_THROWS_AS((remote_server{{.url = "wss://x", .ca_file = "/nowhere"}}),
                  std::runtime_error);
}
