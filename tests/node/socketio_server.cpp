// A server for clients of Socket.IO: strategies that answer, fail, wait, send
// events, ask the client, and end connections. A client with the token "good"
// is the user ada, with "short" for less than a second, with "other" bob;
// "wrong" is refused, with "later" it may try again.

#include <chrono>
#include <string>

#include <boost/describe/class.hpp>

#include <caf/send.hpp>

#include <flamigo/application/application.hpp>
#include <flamigo/client/websocket_client.hpp>
#include <flamigo/context/require_user.hpp>
#include <flamigo/error/error.hpp>
#include <flamigo/task/sleep.hpp>
#include <flamigo/task/stream.hpp>
#include <flamigo/wire/client_message.hpp>

namespace {

using namespace flamigo;
using namespace std::chrono_literals;

struct options : configuration {
  options() {
    opt_group{custom_options_, "?test"}
      .add(guarded, "guarded", "whether clients have to authenticate")
      .add(ping_interval, "engine-ping-interval", "of Engine.IO")
      .add(ping_timeout, "engine-ping-timeout", "of Engine.IO")
      .add(max_disconnection, "max-disconnection",
           "recover clients that are away for so long");
  }

  bool guarded = false;
  caf::timespan ping_interval = 25s;
  caf::timespan ping_timeout = 20s;
  /// Without it nobody is recovered.
  caf::timespan max_disconnection = 0s;
};

/// What a client is known by.
struct identity {
  std::string protocol;
  std::string transport;
  std::string user;
};

BOOST_DESCRIBE_STRUCT(identity, (), (protocol, transport, user))

struct news {
  std::string text;

  topic topics() const {
    return topic{"news"};
  }

  client_message to_client() const {
    return make_client_message("news", text);
  }
};

BOOST_DESCRIBE_STRUCT(news, (), (text))

struct picture {
  std::string name;
  bytes data;
  std::vector<bytes> more = {};

  topic topics() const {
    return topic{"pictures"};
  }

  client_message to_client() const {
    return make_client_message("picture", *this);
  }
};

BOOST_DESCRIBE_STRUCT(picture, (), (name, data, more))

/// Of a channel that keeps it.
struct hung {
  bytes data;

  topic topics() const {
    return topic{"gallery"};
  }

  client_message to_client() const {
    return make_client_message("hung", *this);
  }
};

BOOST_DESCRIBE_STRUCT(hung, (), (data))

struct titled {
  std::string name;
};

BOOST_DESCRIBE_STRUCT(titled, (), (name))

struct noted {
  std::string data;
};

BOOST_DESCRIBE_STRUCT(noted, (), (data))

struct any_picture {
  std::string name;
  raw_json data;
};

BOOST_DESCRIBE_STRUCT(any_picture, (), (name, data))

/// In a channel.
struct posted {
  std::string room;
  int number;

  topic topics() const {
    return topic{"rooms/" + room};
  }

  client_message to_client() const {
    return make_client_message("posted", number);
  }
};

BOOST_DESCRIBE_STRUCT(posted, (), (room, number))

struct ending {
  std::uint16_t code;
  std::string reason;
};

BOOST_DESCRIBE_STRUCT(ending, (), (code, reason))

/// Each byte plus one: what has been read as text would not come to it.
bytes next_of(bytes in) {
  for (auto& c : in.data)
    c = static_cast<char>(c + 1);
  return in;
}

void add_bytes(strategy_registry& all) {
  all.add("app::b:next", next_of);
  all.add("app::b:all_next", [](std::vector<bytes> in) {
    for (auto& x : in)
      x = next_of(std::move(x));
    return in;
  });
  all.add("app::b:picture", [](const picture& in) { return in; });
  all.add("app::b:late", [](context ctx, picture in) -> task<picture> {
    co_await sleep(ctx, 10ms);
    co_return in;
  });
  all.add("app::b:parts", [](context, bytes in) -> stream<bytes> {
    for (auto c : in.data) {
      bytes next{std::string(1, c)};
      co_yield next;
    }
  });
  all.add("app::b:publish",
          [](context& ctx, const picture& in) { (void) ctx.publish(in); });
  all.add("app::b:hang",
          [](context& ctx, const hung& in) { return ctx.publish(in); });
  all.add("app::b:send",
          [](client& who, const bytes& in) { who.send("sent", in); });
  all.add("app::b:ask", [](context ctx, bytes in) -> task<bytes> {
    auto who = require_actor<websocket_client>(ctx);
    if (!who)
      co_return who.error();
    auto answer = who->request<bytes>(ctx, "page:next", in);
    co_return co_await answer;
  });
  all.add("app::b:ask_text", [](context ctx) -> task<std::string> {
    auto who = require_actor<websocket_client>(ctx);
    if (!who)
      co_return who.error();
    auto answer = who->request<std::string>(ctx, "page:text", 1);
    co_return co_await answer;
  });
  all.add(
    "app::b:either", [](const noted& in) { return "text " + in.data; },
    [](const picture& in) { return "bytes " + in.data.data; });
  // None of these declares bytes where they come.
  all.add("app::b:titled", [](const titled& in) { return in.name; });
  all.add("app::b:text", [](const std::string& in) { return in; });
  all.add("app::b:any", [](const any_picture& in) { return in; });
}

void add_strategies(strategy_registry& all) {
  add_bytes(all);
  all.add("app::t:echo", [](const raw_json& in) { return in; });
  all.add("app::t:nothing", [] {});
  all.add("app::t:length", [](const std::string& in) { return in.size(); });
  all.add("app::t:refuse", []() -> caf::expected<int> {
    return public_error("not you", 403, "forbidden");
  });
  all.add("app::t:who", [](context& ctx) {
    auto& who = *ctx.actor().claims;
    return identity{to_string(who.protocol), to_string(who.transport),
                    who.user ? who.user->id : std::string{}};
  });
  all.add("app::t:late", [](context ctx, int in) -> task<int> {
    co_await sleep(ctx, 10ms);
    co_return in;
  });
  all.add("app::t:count", [](context, int in) -> stream<int> {
    for (int i = 0; i < in; ++i)
      co_yield i;
  });
  all.add("app::t:publish",
          [](context& ctx, const news& in) { (void) ctx.publish(in); });
  all.add("app::t:post", open_to_guests(),
          [](context& ctx, const posted& in) { (void) ctx.publish(in); });
  all.add("app::t:end", [](context& ctx, const ending& in) {
    caf::anon_send(ctx.actor().handle, close_reason{in.code, in.reason});
  });
  all.add("app::t:ask", [](context ctx) -> task<int> {
    auto who = require_actor<websocket_client>(ctx);
    if (!who)
      co_return who.error();
    auto answer = who->request<int>(ctx, "page:confirm", 7);
    co_return co_await answer;
  });
}

} // namespace

int main(int argc, char** argv) {
  auto config = std::make_unique<options>();
  if (auto status = config->load_or_report(argc, argv))
    return *status;
  auto guarded = config->guarded;
  engine_options engine;
  engine.ping_interval = config->ping_interval;
  engine.ping_timeout = config->ping_timeout;
  auto max_disconnection = config->max_disconnection;
  application app{std::move(config)};
  add_strategies(app.strategies());
  app.strategies().add("app::t:connections",
                       [&app] { return app.connections().open(); });
  app.host([](domain_actor<>* self) -> domain_behavior {
    (void) self;
    return {on("app::h:echo", [](const raw_json& in) { return in; }),
            on("app::h:picture", [](const picture& in) { return in; }),
            on(
              "app::h:either", validator{},
              [](const noted& in) { return "text " + in.data; },
              [](const picture& in) { return "bytes " + in.data.data; })};
  });
  app.channel("gallery", open_to_guests(), {.history = history_limits{}});
  app.on_open([](context&, client who) {
    who.send("hello", 1);
    if (auto err = who.subscribe("pictures"))
      return err;
    return who.subscribe("news");
  });
  if (guarded)
    app.authenticate([](std::string_view token,
                        const claims&) -> caf::expected<user> {
      if (token == "good")
        return user{"ada", "Ada", {}, {}};
      if (token == "short")
        return user{"ada", "Ada", {}, std::chrono::system_clock::now() + 500ms};
      if (token == "other")
        return user{"bob", "Bob", {}, {}};
      if (token == "later")
        return make_error(errc::unavailable);
      return public_error("no such token", 401, "unauthorized");
    });
  socket_io_options options;
  options.engine = std::move(engine);
  if (max_disconnection > 0s)
    options.recovery = {.max_disconnection = max_disconnection};
  app.channel("rooms/*", open_to_guests(),
              {.history = history_limits{.max_events = 100'000}});
  options.namespaces["/custom"] = [](context&, client who) {
    who.send("custom", 1);
  };
  app.socket_io(std::move(options));
  return app.run();
}
