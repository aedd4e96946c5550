// A server for the tests of the client: calls that are counted, numbered events
// in channels, one of which the program enters for its clients, streams, and
// tokens that end, HS256 with the secret of the environment variable
// AUTH_SECRET.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>

#include <boost/describe/class.hpp>

#include <flamigo/serving.hpp>

namespace {

using namespace flamigo;
using namespace std::chrono_literals;

struct note {
  std::string room;
  std::int64_t n;

  topic topics() const {
    return topic{"rooms/" + room};
  }

  client_message to_client() const {
    return make_client_message("note", *this);
  }
};

BOOST_DESCRIBE_STRUCT(note, (), (room, n))

struct job {
  std::int64_t id;
  std::uint32_t ms;
};

BOOST_DESCRIBE_STRUCT(job, (), (id, ms))

struct person {
  std::string name;
};

BOOST_DESCRIBE_STRUCT(person, (), (name))

struct counts {
  std::map<std::int64_t, std::int64_t> done;
};

/// Says how often it was told to do each job.
domain_behavior counter(domain_actor<counts>* self) {
  return {
    on("app::t:do",
       [=](context ctx, job in) -> task<std::int64_t> {
         auto times = ++self->state.done[in.id];
         if (in.ms > 0)
           co_await sleep(ctx, std::chrono::milliseconds{in.ms}).or_throw();
         co_return times;
       }),
    on("app::t:done", [=](std::int64_t id) { return self->state.done[id]; }),
    on("app::t:say",
       [](context& ctx, const note& in) { return ctx.publish(in); }),
  };
}

stream<std::int64_t> count_to(context, std::int64_t last) {
  for (std::int64_t i = 0; i < last; ++i)
    co_yield i;
}

void add_strategies(strategy_registry& all) {
  all.add("app::t:echo", [](const raw_json& in) { return in; });
  all.add("app::t:count", count_to);
  all.add("app::t:ask", [](context ctx, std::int64_t in) -> task<raw_json> {
    auto who = require_actor<websocket_client>(ctx);
    if (!who)
      co_return who.error();
    co_return co_await who->request<raw_json>(ctx, "number", in);
  });
}

jwt_options tokens() {
  auto secret = std::getenv("AUTH_SECRET");
  jwt_options result;
  result.key = secret != nullptr ? secret : "";
  result.audience = "test";
  return result;
}

} // namespace

int main(int argc, char** argv) {
  application app{argc, argv};
  add_strategies(app.strategies());
  app.host(counter);
  app.authenticate(jwt_verifier{tokens()});
  app.channel(
    "rooms/*", is_authenticated(),
    {.history = history_limits{.max_events = 100'000, .max_bytes = 64u << 20},
     .presence = presence_of([](const claims& who) {
       return person{who.user ? who.user->name : "a guest"};
     })});
  app.on_open([](client& who) { who.subscribe("rooms/all"); });
  return app.run();
}
