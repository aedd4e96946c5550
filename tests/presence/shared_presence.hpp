#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "flamigo/presence/presence_engine.hpp"
#include "flamigo/testing/actor_fixture.hpp"

namespace flamigo::test {

/// One process of several that share an engine, as one would that goes over a
/// network: others let go of its members when it has not said for a while that
/// it is there. For one thread.
class shared_presence final : public presence_engine {
public:
  shared_presence(testing::actor_fixture& in, presence_engine& shared)
    : in_(in), shared_(shared) {
  }

  /// How long its members stay without a word of it.
  static constexpr std::chrono::seconds lease{30};

  /// It is there.
  void renew() {
    until_ = in_.scheduler.clock().now() + lease;
  }

  /// What the others do now and then.
  void look() {
    if (in_.scheduler.clock().now() < until_)
      return;
    for (auto& [channel, key, id] : std::exchange(mine_, {}))
      shared_.remove(channel, key, id);
  }

  // -- presence_engine --------------------------------------------------------

  void set(std::string_view channel, const presence_member& who,
           std::string_view before, std::size_t max_bytes) override {
    if (!before.empty())
      forget(channel, before, who.connection_id);
    mine_.emplace_back(channel, who.key, who.connection_id);
    shared_.set(channel, who, before, max_bytes);
  }

  void remove(std::string_view channel, std::string_view key,
              std::string_view connection_id) override {
    forget(channel, key, connection_id);
    shared_.remove(channel, key, connection_id);
  }

  void list(std::string_view channel, list_receiver then) override {
    shared_.list(channel, std::move(then));
  }

private:
  void forget(std::string_view channel, std::string_view key,
              std::string_view id) {
    std::erase(mine_, std::tuple{std::string{channel}, std::string{key},
                                 std::string{id}});
  }

  testing::actor_fixture& in_;
  presence_engine& shared_;
  std::vector<std::tuple<std::string, std::string, std::string>> mine_;
  caf::actor_clock::time_point until_ = in_.scheduler.clock().now() + lease;
};

} // namespace flamigo::test
