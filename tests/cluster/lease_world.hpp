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

#include "cluster/fake_lease_store.hpp"
#include "flamigo/cluster/detail/lease_keeper.hpp"

namespace flamigo::test {

using namespace std::chrono_literals;

/// Nodes that want one lease, each with a clock of its own. Time goes on when
/// it is told to.
struct lease_world {
  struct node {
    node(lease_world& in, std::string id_, lease_options with)
      : world(in), id(std::move(id_)), keeper("of " + id, id, std::move(with)),
        store(in.server) {
    }

    detail::lease_clock::time_point now() const {
      return detail::lease_clock::time_point{
        started
        + std::chrono::nanoseconds{static_cast<std::int64_t>(
          static_cast<double>(world.server.now.count()) * rate)}};
    }

    /// By its own clock, whether or not it has been run.
    std::uint64_t token() const {
      return keeper.token(now());
    }

    void run() {
      if (stands_still || is_dead)
        return;
      for (; !answers.empty(); answers.pop_front())
        answers.front()();
      auto calendar = std::chrono::duration_cast<std::chrono::milliseconds>(
        world.calendar + world.server.now);
      while (auto what = keeper.next(now(), calendar))
        ask(*what);
    }

    void ask(const detail::lease_keeper::question& what) {
      if (what.writes)
        store.write("it", what.what, [this](auto& revision) {
          answer([this, revision] {
            revision ? keeper.written(now(), *revision) : keeper.failed(now());
          });
        });
      else
        store.read("it", [this](auto& found) {
          answer([this, found] {
            found ? keeper.found(now(), *found) : keeper.failed(now());
          });
        });
    }

    /// It comes when the node runs.
    void answer(std::function<void()> what) {
      answers.push_back(std::move(what));
    }

    lease_world& world;
    std::string id;
    detail::lease_keeper keeper;
    fake_lease_store store;
    std::chrono::nanoseconds started{1h};
    double rate = 1;
    bool stands_still = false;
    bool is_dead = false;
    /// What it had when it was looked at, and what it has lost last.
    std::uint64_t had = 0;
    std::uint64_t lost = 0;
    std::deque<std::function<void()>> answers;
  };

  explicit lease_world(std::uint32_t seed = 1) : server(seed) {
  }

  node& add(lease_options with = {}) {
    nodes.push_back(
      std::make_unique<node>(*this, "n" + std::to_string(++made), with));
    return *nodes.back();
  }

  /// Several moments later; after each one the nodes run and are looked at.
  void run(std::chrono::nanoseconds how_long) {
    for (auto end = server.now + how_long; server.now < end;) {
      server.run_to(server.now + step);
      look();
      for (auto& it : nodes) {
        it->run();
        look();
      }
    }
  }

  std::vector<node*> holders() const {
    std::vector<node*> result;
    for (auto& it : nodes)
      if (it->token() != 0 && !it->is_dead)
        result.push_back(it.get());
    return result;
  }

  void look() {
    for (auto& it : nodes) {
      auto token = it->token();
      if (it->had != 0 && token != it->had)
        it->lost = it->had;
      it->had = token;
      if (token != 0 && token == it->lost)
        ++revived;
    }
    auto now = holders();
    if (now.size() > 1)
      ++conflicts;
    for (auto* it : now) {
      if (it->token() == largest && it->id != holder)
        ++repeated;
      if (it->token() < largest)
        ++older;
      if (it->token() > largest) {
        largest = it->token();
        holder = it->id;
        ++terms;
      }
    }
  }

  fake_lease_server server;
  std::chrono::nanoseconds step{50ms};
  std::chrono::nanoseconds calendar{1'000h};
  std::vector<std::unique_ptr<node>> nodes;
  int made = 0;
  /// What has been seen.
  int conflicts = 0;
  int repeated = 0;
  int older = 0;
  /// A token that was lost is there again.
  int revived = 0;
  int terms = 0;
  std::uint64_t largest = 0;
  std::string holder;
};

} // namespace flamigo::test
