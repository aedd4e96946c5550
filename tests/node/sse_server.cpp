// A server for clients of server-sent events: strategies that answer, wait,
// send events and end connections, and rooms with a history. A client with the
// cookie "token=good" is the user ada.

#include <chrono>
#include <cstdint>
#include <string>

#include <boost/describe/class.hpp>

#include <flamigo/serving.hpp>

namespace {

using namespace flamigo;
using namespace std::chrono_literals;

/// What a client is known by.
struct identity {
  std::string protocol;
  std::string transport;
  std::string user;
};

BOOST_DESCRIBE_STRUCT(identity, (), (protocol, transport, user))

struct said {
  std::string room;
  std::string text;

  topic topics() const {
    return topic{"rooms/" + room};
  }

  client_message to_client() const {
    return make_client_message("chat:message", *this);
  }
};

BOOST_DESCRIBE_STRUCT(said, (), (room, text))

struct ending {
  std::uint16_t code;
  std::string reason;
};

BOOST_DESCRIBE_STRUCT(ending, (), (code, reason))

void add_strategies(strategy_registry& all) {
  all.add("app::t:echo", [](const raw_json& in) { return in; });
  all.add("app::t:who", open_to_guests(), [](context& ctx) {
    auto& who = ctx.claims();
    return identity{to_string(who.protocol), to_string(who.transport),
                    who.user ? who.user->id : std::string{}};
  });
  all.add("app::t:late", [](context ctx, int in) -> task<int> {
    co_await sleep(ctx, 10ms).or_throw();
    co_return in;
  });
  all.add("app::t:count", [](context, int in) -> stream<int> {
    for (int i = 0; i < in; ++i)
      co_yield i;
  });
  all.add("app::t:say",
          [](context& ctx, const said& in) { return ctx.publish(in); });
  all.add("app::t:end", [](context& ctx, const ending& in) {
    require_actor<websocket_client>(ctx)->close({in.code, in.reason});
  });
}

stream<std::string> ticks(context ctx) {
  for (int i = 0; i < 3; ++i) {
    co_await sleep(ctx, 10ms).or_throw();
    co_yield "tick " + std::to_string(i) + "\n";
  }
}

} // namespace

int main(int argc, char** argv) {
  application app{argc, argv};
  add_strategies(app.strategies());
  app.channel("rooms/*", {}, {.history = history_limits{}});
  app.authenticate(
    [](std::string_view token, const claims&) -> caf::expected<user> {
      if (token == "good")
        return user{"ada", "Ada", {}, {}};
      return public_error("no such token", 401, "unauthorized");
    });
  app.http().handle("GET", "/ticks", [](context ctx) -> task<http_stream> {
    co_return http_stream{.body = ticks(std::move(ctx))};
  });
  app.http().get("/",
                 {.content_type = "text/html", .body = "<title>sse</title>"});
  app.sse();
  return app.run();
}
