#include <deque>
#include <optional>

#include "bench_client.hpp"
#include "flamigo/channel/channel_registry.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/history/memory_history.hpp"
#include "messages.hpp"
#include "scenarios.hpp"

namespace {

constexpr std::size_t audience = 100;

struct plain_topics {
  void prepare(world&) {
  }
};

struct channels_with_history {
  void prepare(world& where) {
    // So few that each event has another one forgotten.
    declared.add("rooms/*", {},
                 {.history = flamigo::history_limits{.max_events = 8}});
    where.env.channels = &declared;
    where.env.history = &history.emplace(where.system);
    where.bus.pass_by(stage.emplace(declared, *history));
  }

  flamigo::channel_registry declared;
  std::optional<flamigo::memory_history> history;
  std::optional<flamigo::detail::history_stage> stage;
};

template <class Topics>
class fan_out final : public scenario {
public:
  fan_out() {
    topics_.prepare(where_);
    where_.strategies.add("app::chat:post",
                          [](flamigo::context& ctx, const post& in) {
                            return ctx.publish(posted{in.text.size()});
                          });
    where_.env.on_open = [](flamigo::client& who) {
      (void) who.subscribe("rooms/general");
    };
    for (std::size_t i = 0; i < audience; ++i)
      clients_.emplace_back(where_);
    where_.run();
  }

  bool run(int rounds) override {
    auto before = heard_by(clients_);
    for (int i = 0; i < rounds; ++i)
      clients_.front().say(post_frame);
    // The reply comes on top.
    return heard_by(clients_) - before
           == (audience + 1) * static_cast<std::size_t>(rounds);
  }

private:
  // There until the last actor has ended.
  Topics topics_;
  world where_;
  std::deque<bench_client> clients_;
};

} // namespace

std::unique_ptr<scenario> make_fan_out() {
  return std::make_unique<fan_out<plain_topics>>();
}

std::unique_ptr<scenario> make_fan_out_history() {
  return std::make_unique<fan_out<channels_with_history>>();
}
