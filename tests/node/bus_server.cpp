// A server for the bus tests: events have numbers, and so have the calls that
// subscribe, so that a client can tell exactly what it must have heard.

#include <atomic>

#include <boost/describe/class.hpp>

#include <flamigo/application/application.hpp>
#include <flamigo/client/websocket_client.hpp>
#include <flamigo/roster/client_events.hpp>
#include <flamigo/roster/roster.hpp>

namespace {

using namespace flamigo;
using namespace std::chrono_literals;

using number = std::int64_t;

/// A numbered event under any topics.
struct note {
  std::vector<std::string> where;
  std::string from;
  number n;
  std::string filler;

  std::vector<topic> topics() const {
    std::vector<topic> result;
    for (auto& x : where)
      result.emplace_back(x);
    return result;
  }

  client_message to_client() const {
    return make_client_message("note", *this);
  }
};

BOOST_DESCRIBE_STRUCT(note, (), (where, from, n, filler))

struct report {
  std::size_t listeners;
  std::size_t failures;
};

BOOST_DESCRIBE_STRUCT(report, (), (listeners, failures))

caf::error subscribe(context& ctx, const std::string& pattern) {
  auto who = require_actor<websocket_client>(ctx);
  return who ? who->subscribe(pattern) : who.error();
}

void unsubscribe(context& ctx, const std::string& pattern) {
  if (auto who = require_actor<websocket_client>(ctx))
    who->unsubscribe(pattern);
}

task<report> publish_sync(context ctx, note what) {
  auto done = co_await ctx.publish_sync(what, 5s);
  if (!done)
    co_return done.error();
  co_return report{done->listeners, done->failures.size()};
}

// -- the arena: one actor puts everything in one sequence ---------------------

struct arena_state {
  number last = 0;
};

domain_behavior arena(domain_actor<arena_state>* self) {
  return {
    on("app::arena:subscribe",
       [=](context& ctx, const std::string& pattern) -> caf::result<number> {
         if (auto err = subscribe(ctx, pattern))
           return err;
         return ++self->state.last;
       }),
    on("app::arena:unsubscribe",
       [=](context& ctx, const std::string& pattern) {
         unsubscribe(ctx, pattern);
         return ++self->state.last;
       }),
    on("app::arena:publish",
       [=](context& ctx, const note& in) -> caf::result<number> {
         auto what = in;
         what.n = ++self->state.last;
         if (auto err = ctx.publish(what))
           return err;
         return what.n;
       }),
    on("app::arena:now", [=] { return ++self->state.last; }),
    on("app::arena:publish_sync", publish_sync),
    on("app::arena:close",
       [](context& ctx) {
         if (auto who = require_actor<websocket_client>(ctx))
           who->close({close_code::kicked, "out"});
       }),
  };
}

// -- inline: the caller's connection does it, on its I/O thread ---------------

void add_inline(strategy_registry& s) {
  static std::atomic<number> last = 0;
  s.add("app::inline:subscribe",
        [](context& ctx, const std::string& pattern) -> caf::result<number> {
          if (auto err = subscribe(ctx, pattern))
            return err;
          return last.load();
        });
  s.add("app::inline:unsubscribe",
        [](context& ctx, const std::string& pattern) {
          unsubscribe(ctx, pattern);
          return last.load();
        });
  s.add("app::inline:publish",
        [](context& ctx, const note& what) -> caf::result<number> {
          last = what.n;
          if (auto err = ctx.publish(what))
            return err;
          return what.n;
        });
  s.add("app::inline:now", [] { return last.load(); });
  s.add("app::inline:publish_sync", publish_sync);
  s.add("app::inline:close", [](context& ctx) {
    if (auto who = require_actor<websocket_client>(ctx))
      who->close({4001, "so long"});
  });
  s.add("app::inline:crash",
        [](context& ctx) { ctx.self()->quit(caf::sec::runtime_error); });
}

// -- what is there and what has gone ------------------------------------------

struct watch_state {
  std::size_t connected = 0;
  std::vector<client_disconnected> ended;
};

domain_behavior watch(domain_actor<watch_state>* self) {
  self->subscribe("websocket/connected");
  self->subscribe("websocket/disconnected");
  return {
    on("app::watch:connected", [=] { return self->state.connected; }),
    on("app::watch:ended", [=] { return self->state.ended; }),
    listen([=](const client_connected&) { ++self->state.connected; },
           [=](const client_disconnected& what) {
             self->state.ended.push_back(what);
           }),
  };
}

void add_state(strategy_registry& s, const roster& connections) {
  s.add("app::state:connections", [connections] { return connections.open(); });
  s.add("app::state:bus", [](context& ctx) { return ctx.bus().size(); });
  s.add("app::state:me",
        [](context& ctx) { return ctx.claims().connection_id; });
}

} // namespace

int main(int argc, char** argv) {
  application app{argc, argv};
  add_inline(app.strategies());
  add_state(app.strategies(), app.connections());
  app.host(arena);
  app.host(watch);
  return app.run();
}
