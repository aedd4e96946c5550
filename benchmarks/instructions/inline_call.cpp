#include "bench_client.hpp"
#include "messages.hpp"
#include "scenarios.hpp"

namespace {

class inline_call final : public scenario {
public:
  inline_call() {
    where_.strategies.add("app::chat:post", [](const post& in) {
      return posted{in.text.size()};
    });
    caller_.emplace(where_);
  }

  bool run(int rounds) override {
    auto before = caller_->heard();
    for (int i = 0; i < rounds; ++i)
      caller_->say(post_frame);
    return caller_->heard() - before == static_cast<std::size_t>(rounds);
  }

private:
  world where_;
  std::optional<bench_client> caller_;
};

} // namespace

std::unique_ptr<scenario> make_inline_call() {
  return std::make_unique<inline_call>();
}
