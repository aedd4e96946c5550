#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include "cluster/program.hpp"
#include "flamigo/claims/validator.hpp"
#include "flamigo/remote.hpp"

namespace flamigo::test {

struct post {
  std::uint64_t number = 0;

  topic topics() const {
    return topic{"rooms/1"};
  }

  client_message to_client() const {
    return make_client_message("post", *this);
  }
};

BOOST_DESCRIBE_STRUCT(post, (), (number))

/// A node with a channel that keeps its events.
struct channel_program {
  explicit channel_program(const std::string& url, std::uint64_t replicas = 1)
    : app(test::program::on_loopback()) {
    auto with = at(url);
    with.nats_replicas = replicas;
    node.emplace(app, with);
    app.channel("rooms/*", open_to_guests(),
                {.history = history_limits{.max_events = 1'000'000,
                                           .max_bytes = 1'000'000'000}});
    app.start();
  }

  /// Whether it goes on.
  bool is_there(std::chrono::seconds limit = 20s) const {
    return comes_true([&] { return node->status().journal->reason.empty(); },
                      limit);
  }

  std::string url() const {
    return "ws://127.0.0.1:" + std::to_string(app.port()) + "/ws";
  }

  application app;
  std::optional<cluster_node> node;
};

/// A page in the channel, and what it has heard.
struct page {
  explicit page(const std::string& url,
                std::optional<remote_position> since = {})
    : client({.url = url}), room(client.channel("rooms/1")),
      ear(
        room.on<post>("post", [this](const post& x) { heard.add(x.number); })) {
    room.on_joined([this](const remote_joined& x) {
      std::lock_guard guard{mtx};
      joined.push_back(x);
    });
    remote_join_options options;
    options.since = std::move(since);
    auto answer = room.join(options);
    REQUIRE(answer.wait_for(20s) == std::future_status::ready);
    auto got = answer.get();
    REQUIRE(got);
  }

  ~page() {
    room.leave();
  }

  remote_joined last_joined() const {
    std::lock_guard guard{mtx};
    return joined.back();
  }

  tally heard;
  mutable std::mutex mtx;
  std::vector<remote_joined> joined;
  remote_server client;
  remote_channel room;
  remote_listener ear;
};

} // namespace flamigo::test
