// One node of several, which publishes, listens, or wants much, for run.py.
// What it has measured it prints as a line of JSON each.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include <boost/describe/class.hpp>

#include <flamigo/cluster.hpp>
#include <flamigo/serving.hpp>

using namespace std::chrono_literals;
using std::chrono::steady_clock;

namespace {

struct news {
  std::uint64_t number = 0;
  /// Nanoseconds of the machine's steady clock.
  std::int64_t at = 0;
  std::string text;

  flamigo::topic topics() const {
    return flamigo::topic{"rooms/1"};
  }

  flamigo::client_message to_client() const {
    return flamigo::make_client_message("news", *this);
  }
};

BOOST_DESCRIBE_STRUCT(news, (), (number, at, text))

struct options : flamigo::configuration {
  options() {
    cluster.add_to(custom_options_);
    opt_group{custom_options_, "?bench"}
      .add(publish, "publish", "events a second, from a domain actor")
      .add(seconds, "seconds", "for how long")
      .add(hear, "hear", "listens, and says how late events come")
      .add(topics, "topics", "wants so many topics")
      .add(await_wishes, "await-wishes",
           "says after which time it knows so many of others");
  }

  flamigo::cluster_options cluster;
  std::uint32_t publish = 0;
  std::uint32_t seconds = 5;
  bool hear = false;
  std::uint32_t topics = 0;
  std::uint32_t await_wishes = 0;
};

std::int64_t now_ns() {
  return steady_clock::now().time_since_epoch().count();
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  auto seconds = [](const timeval& x) {
    return static_cast<double>(x.tv_sec)
           + 1e-6 * static_cast<double>(x.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

struct publisher_state {
  std::uint64_t sent = 0;
  std::uint64_t goal = 0;
  double cpu = 0;
};

/// Publishes each millisecond what is due.
flamigo::domain_behavior publisher(flamigo::domain_actor<publisher_state>* self,
                                   std::uint32_t a_second,
                                   std::uint32_t seconds) {
  self->state.goal = std::uint64_t{a_second} * seconds;
  self->after(2s, [=] {
    self->state.cpu = cpu_seconds();
    self->every(1ms, [=, begun = now_ns()] {
      auto& state = self->state;
      if (state.sent == state.goal)
        return;
      auto past = static_cast<std::uint64_t>(now_ns() - begun);
      auto due = std::min(state.goal, past * a_second / 1'000'000'000);
      while (state.sent < due)
        (void) self->publish(
          news{++state.sent, now_ns(),
               "this is the text of a message of an ordinary length"});
      if (state.sent == state.goal)
        say("{\"published\":" + std::to_string(state.sent)
            + ",\"cpu\":" + std::to_string(cpu_seconds() - state.cpu) + "}");
    });
  });
  return {flamigo::on("app::bench:publisher", [] {})};
}

struct listener_state {
  std::vector<std::int64_t> late;
};

/// Says how late events came when there were none for a second.
flamigo::domain_behavior listener(flamigo::domain_actor<listener_state>* self) {
  self->subscribe("rooms/1");
  self->every(1s, [self, before = std::size_t{0}]() mutable {
    auto& late = self->state.late;
    if (late.empty() || std::exchange(before, late.size()) != late.size())
      return;
    std::sort(late.begin(), late.end());
    auto at = [&](std::size_t percent) {
      return std::to_string(
        static_cast<double>(late[(late.size() - 1) * percent / 100]) * 1e-6);
    };
    say("{\"heard\":" + std::to_string(late.size()) + ",\"p50\":" + at(50)
        + ",\"p99\":" + at(99) + ",\"max\":" + at(100) + "}");
    late.clear();
  });
  return {flamigo::listen([self](const news& what) {
    self->state.late.push_back(now_ns() - what.at);
  })};
}

flamigo::domain_behavior collector(flamigo::domain_actor<>* self,
                                   std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i)
    self->subscribe("users/" + std::to_string(1'000'000 + i) + "/orders");
  return {flamigo::listen([](const news&) {})};
}

} // namespace

int main(int argc, char** argv) {
  auto config = std::make_unique<options>();
  if (auto status = config->load_or_report(argc, argv))
    return *status;
  auto begin = steady_clock::now();
  auto& given = *config;
  flamigo::application app{std::move(config)};
  flamigo::cluster_node node{app, given.cluster};
  app.channel("rooms/*", flamigo::open_to_guests());
  if (given.publish > 0)
    app.host(publisher, given.publish, given.seconds);
  if (given.hear)
    app.host({.max_queued_events = 1'000'000}, listener);
  if (given.topics > 0)
    app.host(collector, given.topics);
  std::atomic<bool> ends = false;
  std::thread watch{[&] {
    while (!ends && given.await_wishes > 0) {
      std::size_t known = 0;
      for (auto& x : node.status().peers)
        known += x.wishes;
      if (known >= given.await_wishes) {
        auto took = std::chrono::duration<double>{steady_clock::now() - begin};
        return say("{\"knows\":" + std::to_string(known)
                   + ",\"after\":" + std::to_string(took.count()) + "}");
      }
      std::this_thread::sleep_for(20ms);
    }
  }};
  auto result = app.run();
  ends = true;
  watch.join();
  return result;
}
