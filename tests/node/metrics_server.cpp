// A server that does a little of everything that metrics tell of. A client with
// the token "good" is the user ada.

#include <stdexcept>
#include <string>

#include <boost/describe/class.hpp>

#include <flamigo/application/application.hpp>
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

} // namespace

int main(int argc, char** argv) {
  application app{argc, argv};
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
