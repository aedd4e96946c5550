// A server for the protocol tests: strategies that succeed, fail, wait, crash.

#include <atomic>
#include <chrono>
#include <optional>
#include <stdexcept>

#include <boost/describe/class.hpp>

#include <flamigo/application/application.hpp>
#include <flamigo/roster/roster.hpp>
#include <flamigo/task/sleep.hpp>
#include <flamigo/task/stream.hpp>
#include <flamigo/wire/client_message.hpp>
#include <flamigo/wire/close_reason.hpp>

#include <caf/send.hpp>

namespace {

using namespace flamigo;

struct item {
  std::string name;
  double price;
};

BOOST_DESCRIBE_STRUCT(item, (), (name, price))

struct order {
  std::vector<item> items;
  std::uint8_t count;
};

BOOST_DESCRIBE_STRUCT(order, (), (items, count))

/// Sleepers.
std::atomic<int> cancelled = 0;

struct question {
  std::string topic;
  raw_json payload;
};

BOOST_DESCRIBE_STRUCT(question, (), (topic, payload))

struct parked_state {
  std::vector<response_promise<int>> waiting;
};

/// Answers when it is told to, or never.
domain_behavior parked(domain_actor<parked_state>* self) {
  return {
    on("app::parked:wait",
       [=](context& ctx) {
         self->state.waiting.push_back(ctx.make_promise<int>());
         return self->state.waiting.back();
       }),
    on("app::parked:release",
       [=] {
         int n = 0;
         for (auto& promise : std::exchange(self->state.waiting, {}))
           promise.deliver(n++);
       }),
  };
}

/// Answers in parts: so many items, of so many bytes.
struct batch {
  std::uint32_t count;
  std::uint32_t bytes;
};

BOOST_DESCRIBE_STRUCT(batch, (), (count, bytes))

struct part {
  std::uint32_t number;
  std::string text;
};

BOOST_DESCRIBE_STRUCT(part, (), (number, text))

stream<part> parts(context, batch in) {
  for (std::uint32_t i = 0; i < in.count; ++i) {
    part next{i, std::string(in.bytes, 'x')};
    co_yield next;
  }
  if (in.bytes == 0)
    co_yield make_error(errc::conflict, "parts have bytes");
}

domain_behavior streaming(domain_actor<>*) {
  return {on("app::parts:hosted", parts)};
}

/// Goes down when asked and is not restarted.
domain_behavior fragile(domain_actor<>* self) {
  return {
    on("app::fragile:ping", [] { return std::string{"pong"}; }),
    on("app::fragile:crash", [=] { self->quit(caf::sec::runtime_error); }),
  };
}

void add_strategies(strategy_registry& s, const roster& connections) {
  s.add("app::test:echo", [](const raw_json& in) { return in; });
  s.add("app::test:order", [](const order& in) { return in.items.size(); });
  s.add("app::test:nothing", [] {});
  s.add("app::test:throw", []() -> int { throw std::runtime_error{"secret"}; });
  s.add("app::test:conflict", []() -> caf::result<int> {
    return make_error(errc::conflict, "it is taken");
  });
  s.add("app::parts:inline", parts);
  s.add("app::test:custom", []() -> caf::result<int> {
    return public_error("the shop is closed", 418, "closed");
  });
  s.add("app::test:backend_only", is_server(), [] { return 1; });
  s.add("app::test:ask", [](context ctx, question in) -> task<raw_json> {
    auto who = require_actor<websocket_client>(ctx);
    if (!who)
      co_return who.error();
    co_return co_await who->request<raw_json>(ctx, in.topic, in.payload);
  });
  s.add("app::test:sleep", [](context ctx) -> task<void> {
    auto slept = co_await flamigo::sleep(ctx, std::chrono::hours{1});
    if (!slept)
      ++cancelled;
    co_return slept;
  });
  s.add("app::test:cancelled", [] { return cancelled.load(); });
  s.add("app::test:connections", [connections] { return connections.open(); });
  s.add("app::test:event_then_reply", [](context& ctx) {
    auto promise = ctx.make_promise<int>();
    caf::anon_send(ctx.actor().handle, client_message{"test:event", {"1"}});
    promise.deliver(2);
    return promise;
  });
  s.add("app::test:address",
        [](context& ctx) { return ctx.actor().claims->remote_address; });
  s.add("app::test:close", [](context& ctx, const std::string& reason) {
    caf::anon_send(ctx.actor().handle, close_reason{4001, reason});
  });
  s.add("app::test:kick", [](context& ctx) {
    caf::anon_send(ctx.actor().handle,
                   close_reason{close_code::kicked, "you were disconnected"});
  });
}

} // namespace

int main(int argc, char** argv) {
  application app{argc, argv};
  add_strategies(app.strategies(), app.connections());
  app.host(parked);
  app.host(streaming);
  app.host(hosting_options{.restart = false}, fragile);
  app.http().get("/", {.body = "hello"});
  app.http().get("/split", {.headers = {{"X-Name", "a\r\nX-Evil: secret"}}});
  app.http().handle("GET", "/address", [](const http_request& in) {
    return http_response{.body = in.remote_address};
  });
  app.http().handle("POST", "/echo", [](const http_request& in) {
    return http_response{.body = in.body};
  });
  app.http().handle("GET", "/large", [](const http_request&) {
    return http_response{.body = std::string(32u << 20, 'x')};
  });
  return app.run();
}
