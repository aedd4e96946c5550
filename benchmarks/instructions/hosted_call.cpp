#include <caf/send.hpp>

#include "bench_client.hpp"
#include "flamigo/host.hpp"
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
  hosted_call() : supervisor_(host(where_.services, {}, desk)) {
    caller_.emplace(where_, unit_);
  }

  ~hosted_call() override {
    caller_.reset();
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
  }

  bool run(int rounds) override {
    auto before = caller_->heard();
    for (int i = 0; i < rounds; ++i) {
      caller_->say(post_frame);
      where_.settle();
    }
    return caller_->heard() - before == static_cast<std::size_t>(rounds);
  }

private:
  world where_;
  caf::scoped_execution_unit unit_{&where_.system};
  caf::actor supervisor_;
  std::optional<bench_client> caller_;
};

} // namespace

std::unique_ptr<scenario> make_hosted_call() {
  return std::make_unique<hosted_call>();
}
