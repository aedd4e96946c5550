#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/application/application.hpp"
#include "flamigo/cluster/cluster_node.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/domain_behavior.hpp"

namespace flamigo::test {

using namespace std::chrono_literals;

struct counted {
  std::uint64_t number = 0;

  topic topics() const {
    return topic{"counted"};
  }
};

BOOST_DESCRIBE_STRUCT(counted, (), (number))

/// What a domain actor has heard, for the test's thread.
class tally {
public:
  void add(std::uint64_t number) {
    std::lock_guard guard{mtx_};
    heard_.push_back(number);
    changed_.notify_all();
  }

  bool wait_for(std::size_t count, std::chrono::seconds limit = 20s) {
    std::unique_lock guard{mtx_};
    return changed_.wait_for(guard, limit,
                             [&] { return heard_.size() >= count; });
  }

  std::vector<std::uint64_t> heard() const {
    std::lock_guard guard{mtx_};
    return heard_;
  }

private:
  mutable std::mutex mtx_;
  std::condition_variable changed_;
  std::vector<std::uint64_t> heard_;
};

/// Waits until something is so: another process has to do it.
template <class F>
bool comes_true(F f, std::chrono::seconds limit = 20s) {
  auto end = std::chrono::steady_clock::now() + limit;
  while (!f()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

inline cluster_options at(const std::string& url) {
  cluster_options result;
  result.nats_url = url;
  result.heartbeat = 200ms;
  result.gone_after = 1s;
  return result;
}

/// A node with a domain actor that listens.
struct program {
  explicit program(const std::string& url, cluster_options with)
    : app(on_loopback()) {
    with.nats_url = url;
    app.host([this](domain_actor<>* self) -> domain_behavior {
      self->subscribe("counted");
      return {listen([this](const counted& x) { heard.add(x.number); })};
    });
    node.emplace(app, with);
  }

  explicit program(const std::string& url) : program(url, at(url)) {
  }

  static std::unique_ptr<configuration> on_loopback() {
    auto result = std::make_unique<configuration>();
    result->server.host = "127.0.0.1";
    result->server.port = 0;
    return result;
  }

  bool confirm() {
    std::promise<void> done;
    node->confirm([&] { done.set_value(); });
    return done.get_future().wait_for(20s) == std::future_status::ready;
  }

  std::size_t peers() const {
    return node->status().peers.size();
  }

  std::uint64_t lost() const {
    std::uint64_t result = 0;
    for (auto& x : node->status().peers)
      result += x.lost;
    return result;
  }

  tally heard;
  application app;
  std::optional<cluster_node> node;
};

inline bool meet(const program& a, const program& b) {
  return comes_true([&] { return a.peers() == 1 && b.peers() == 1; });
}

} // namespace flamigo::test
