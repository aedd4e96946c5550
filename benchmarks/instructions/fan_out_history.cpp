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

class fan_out_history final : public scenario {
public:
  fan_out_history() {
    where_.strategies.add("app::chat:post",
                          [](flamigo::context& ctx, const post& in) {
                            return ctx.publish(posted{in.text.size()});
                          });
    // So few that each event has another one forgotten.
    channels_.add("rooms/*", {},
                  {.history = flamigo::history_limits{.max_events = 8}});
    where_.env.channels = &channels_;
    where_.env.history = &history_.emplace(where_.system);
    where_.bus.pass_by(stage_.emplace(channels_, *history_));
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
  flamigo::channel_registry channels_;
  std::optional<flamigo::memory_history> history_;
  std::optional<flamigo::detail::history_stage> stage_;
  world where_;
  std::deque<bench_client> clients_;
};

} // namespace

std::unique_ptr<scenario> make_fan_out_history() {
  return std::make_unique<fan_out_history>();
}
