#include "bench_client.hpp"
#include "flamigo/domain/host.hpp"
#include "messages.hpp"
#include "scenarios.hpp"

namespace {

using namespace flamigo;

domain_behavior desk(domain_actor<>*) {
  return {on("app::chat:post",
             [](const post& in) { return posted{in.text.size()}; })};
}

class hosted_call final : public scenario {
public:
  hosted_call() {
    where_.adopt(host(where_.services, {}, desk));
    caller_.emplace(where_);
  }

  bool run(int rounds) override {
    auto before = caller_->heard();
    for (int i = 0; i < rounds; ++i) {
      caller_->say(post_frame);
      where_.run();
    }
    return caller_->heard() - before == static_cast<std::size_t>(rounds);
  }

private:
  world where_;
  std::optional<bench_client> caller_;
};

} // namespace

std::unique_ptr<scenario> make_hosted_call() {
  return std::make_unique<hosted_call>();
}
