#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>

#include <catch2/catch_test_macros.hpp>

#include "cluster/fake_journal.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/cluster/detail/journal_stage.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/testing/actor_fixture.hpp"

namespace flamigo::test {

/// What is published in channels with history.
struct said {
  std::vector<std::string> where;
  std::string by;
  std::uint64_t number = 0;

  std::vector<topic> topics() const {
    return {where.begin(), where.end()};
  }

  client_message to_client() const {
    return make_client_message("said", *this);
  }
};

BOOST_DESCRIBE_STRUCT(said, (), (where, by, number))

/// Several nodes with one journal, without threads and clocks.
class journal_world : public testing::actor_fixture {
public:
  using milliseconds = std::chrono::milliseconds;

  struct node {
    node(journal_world& in, std::string id)
      : name(std::move(id)), events(in.system), kept(in.system),
        local(channels, kept), lines(in.journal, name) {
      channel_options options;
      options.history = history_limits{.max_events = 100'000,
                                       .max_bytes = 100'000'000};
      channels.add("rooms/*", {}, options);
      stage = std::make_shared<detail::journal_stage>(
        events, local, kept, lines,
        detail::journal_options{"node" + name, [this] { woken = true; },
                                [this] { ++lost; }});
      events.pass_by(*stage);
    }

    ~node() {
      events.stop();
    }

    std::string name;
    flamigo::bus events;
    channel_registry channels;
    memory_history kept;
    detail::history_stage local;
    fake_journal::end lines;
    std::shared_ptr<detail::journal_stage> stage;
    bool woken = false;
    int lost = 0;
    caf::actor ear;
    std::shared_ptr<std::vector<said>> heard
      = std::make_shared<std::vector<said>>();
  };

  explicit journal_world(std::uint32_t seed = 1) : journal(seed) {
  }

  ~journal_world() {
    while (!nodes.empty())
      kill(*nodes.back());
    end();
  }

  node& start(std::string id) {
    auto& made
      = *nodes.emplace_back(std::make_unique<node>(*this, std::move(id)));
    made.ear = system.spawn(
      [to = made.heard](caf::event_based_actor* self) -> caf::behavior {
        self->set_default_handler(caf::drop);
        return {[to](const event_ptr& what) {
          if (auto* known = what->get_if<said>())
            to->push_back(*known);
        }};
      });
    adopt(made.ear);
    made.events.subscribe(caf::actor_cast<caf::strong_actor_ptr>(made.ear),
                          topic_pattern{"rooms"});
    made.stage->start(now_);
    return made;
  }

  /// Nothing of what it has not sent goes out any more.
  void kill(node& what) {
    what.lines.stop();
    what.stage->stop();
    run();
    std::erase_if(nodes, [&](auto& x) { return x.get() == &what; });
  }

  static caf::error publish(node& on, std::vector<std::string> where,
                            std::uint64_t number) {
    return on.events.publish(said{std::move(where), on.name, number});
  }

  void wake(node& what) {
    if (std::exchange(what.woken, false))
      what.stage->work();
  }

  void pass(milliseconds by) {
    for (auto end = now_ + by; now_ < end;) {
      now_ += milliseconds{250};
      for (auto& x : nodes) {
        wake(*x);
        x->stage->tick(now_);
        x->lines.count();
      }
      settle();
    }
  }

  /// All that is due at this time.
  void settle() {
    for (auto goes_on = true; goes_on;) {
      goes_on = false;
      for (auto& x : nodes) {
        wake(*x);
        while (x->lines.step())
          goes_on = true;
      }
    }
    run();
  }

  static history_position newest(node& on, std::string_view where) {
    history_position result;
    on.kept.follow(where, {.max_events = 100'000, .max_bytes = 100'000'000},
                   [&](const caf::expected<history_position>& x) {
                     REQUIRE(x);
                     result = *x;
                   });
    return result;
  }

  /// All frames that it has, as far back as it reaches.
  static std::vector<kept_event> all(node& on, std::string_view where) {
    auto last = newest(on, where);
    for (std::uint64_t from = 0; from <= last.offset; ++from) {
      std::vector<kept_event> result;
      auto reaches = false;
      on.kept.read(where, {last.epoch, from}, 100'000'000,
                   [&](caf::expected<history_slice> x) {
                     REQUIRE(x);
                     reaches = x->reaches;
                     result = std::move(x->events);
                   });
      if (reaches)
        return result;
    }
    return {};
  }

  fake_journal journal;
  std::vector<std::unique_ptr<node>> nodes;

protected:
  std::chrono::steady_clock::time_point now_{std::chrono::hours{1}};
};

} // namespace flamigo::test
