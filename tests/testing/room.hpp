#pragma once

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/context/require_user.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/testing/app.hpp"
#include "support/events.hpp"

/// A program for the tests of the kit.
namespace room {

struct line {
  std::string text;
};

BOOST_DESCRIBE_STRUCT(line, (), (text))

struct receipt {
  int id;
};

BOOST_DESCRIBE_STRUCT(receipt, (), (id))

struct state {
  int lines = 0;
  std::optional<flamigo::response_promise<int>> kept;
};

inline flamigo::domain_behavior domain(flamigo::domain_actor<state>* self) {
  using flamigo::on;
  return {
    on("app::room:join", flamigo::open_to_guests(),
       [](flamigo::context& ctx) {
         return flamigo::require_actor<flamigo::websocket_client>(ctx)
           ->subscribe("rooms");
       }),
    on("app::room:post", flamigo::open_to_guests(),
       [=](flamigo::context& ctx, const line& in) -> caf::result<receipt> {
         if (in.text.empty())
           return flamigo::make_error(flamigo::errc::conflict, "say something");
         if (auto err = ctx.publish(flamigo::test::posted{"a", in.text}))
           return err;
         return receipt{++self->state.lines};
       }),
    on("app::room:name", flamigo::is_authenticated(),
       [](flamigo::context& ctx) { return flamigo::require_user(ctx)->name; }),
    on("app::room:wait", flamigo::open_to_guests(),
       [=](flamigo::context& ctx) {
         self->state.kept = ctx.make_promise<int>();
         return *self->state.kept;
       }),
    on("app::room:close", flamigo::open_to_guests(),
       [](flamigo::context& ctx) {
         flamigo::require_actor<flamigo::websocket_client>(ctx)->close(
           {4000, "enough"});
       }),
  };
}

struct app : flamigo::testing::app {
  explicit app(flamigo::testing::app_options options = {})
    : flamigo::testing::app(std::move(options)) {
    host(domain);
  }
};

} // namespace room
