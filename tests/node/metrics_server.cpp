// A server that does a little of everything that metrics tell of. A client with
// the token "good" is the user ada. It may be one of several nodes.

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <boost/describe/class.hpp>

#include <flamigo/application/application.hpp>
#ifdef HAS_CLUSTER
#  include <flamigo/cluster.hpp>
#endif
#include <flamigo/error/error.hpp>
#include <flamigo/wire/client_message.hpp>

namespace {

using namespace flamigo;

struct posted {
  std::string text;

  topic topics() const {
    return topic{"rooms/1"};
  }

  client_message to_client() const {
    return make_client_message("posted", *this);
  }
};

BOOST_DESCRIBE_STRUCT(posted, (), (text))

domain_behavior desk(domain_actor<>* self) {
  self->subscribe("rooms/*");
  return {
    on("app::desk:echo", [](const std::string& in) { return in; }),
    on("app::desk:crash", [=] { self->quit(caf::sec::runtime_error); }),
    listen([](const posted&) {}),
  };
}

#ifdef HAS_CLUSTER
struct options : configuration {
  options() {
    cluster.add_to(custom_options_);
  }

  cluster_options cluster;
};
#else
using options = configuration;
#endif

} // namespace

int main(int argc, char** argv) {
  auto config = std::make_unique<options>();
  if (auto status = config->load_or_report(argc, argv))
    return *status;
#ifdef HAS_CLUSTER
  auto cluster = config->cluster;
#endif
  application app{std::move(config)};
#ifdef HAS_CLUSTER
  cluster_node node{app, cluster};
#endif
  auto& all = app.strategies();
  all.add("app::test:echo", [](const raw_json& in) { return in; });
  all.add("app::test:throw", []() -> int { throw std::runtime_error{"no"}; });
  all.add("app::test:post",
          [](context& ctx, const posted& in) { return ctx.publish(in); });
  // It falls more often than it should.
  app.host(hosting_options{.max_restarts = 1'000'000}, desk);
  app.channel("rooms/*", {},
              {.history = history_limits{}, .presence = presence_options{}});
  app.authenticate(
    [](std::string_view token, const claims&) -> caf::expected<user> {
      if (token == "good")
        return user{"ada", "Ada", {}, {}};
      return make_error(errc::unauthorized);
    });
  return app.run();
}
