#include <deque>

#include "bench_client.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/context/context.hpp"
#include "messages.hpp"
#include "scenarios.hpp"

namespace {

constexpr std::size_t audience = 100;

class fan_out final : public scenario {
public:
  fan_out() {
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
  world where_;
  std::deque<bench_client> clients_;
};

} // namespace

std::unique_ptr<scenario> make_fan_out() {
  return std::make_unique<fan_out>();
}
