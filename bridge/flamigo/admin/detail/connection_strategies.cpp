#include "flamigo/admin/detail/connection_strategies.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/admin/detail/connection_figures.hpp"
#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/task/ok.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

namespace {

/// Of which details are asked.
constexpr std::size_t max_connections_shown = 100;

/// Whose come first.
enum class connection_order : std::uint8_t {
  backlog,
  newest,
  oldest,
};

BOOST_DESCRIBE_ENUM(connection_order, backlog, newest, oldest)

struct connections_input {
  std::optional<std::string> filter = {};
  connection_order order = connection_order::backlog;
  std::size_t limit = 50;

  void validate(std::vector<field_error>& errors) const {
    if (limit == 0 || limit > max_connections_shown)
      errors.push_back({"limit", "is from 1 to 100"});
  }
};

BOOST_DESCRIBE_STRUCT(connections_input, (), (filter, order, limit))

struct user_row {
  std::string id;
  std::string name;
  std::vector<std::string> permissions;
  std::map<std::string, std::string> extras;
};

BOOST_DESCRIBE_STRUCT(user_row, (), (id, name, permissions, extras))

struct connection_row {
  std::string id;
  std::optional<user_row> user;
  std::string protocol;
  std::string transport;
  std::string address;
  std::string interface;
  /// Subject of what it has shown in the TLS handshake.
  std::optional<std::string> certificate;
  std::map<std::string, std::string> extras;
  std::int64_t ageMs;
  std::size_t backlogBytes;
  /// Whether its actor has answered in time; the rest is its answer.
  bool answers = false;
  std::optional<std::size_t> inFlight = {};
  std::optional<std::size_t> subscriptions = {};
  std::optional<std::string> logLevel = {};
};

BOOST_DESCRIBE_STRUCT(connection_row, (),
                      (id, user, protocol, transport, address, interface,
                       certificate, extras, ageMs, backlogBytes, answers,
                       inFlight, subscriptions, logLevel))

struct connections_output {
  std::vector<connection_row> connections;
  std::size_t matching;
  std::size_t open;
};

BOOST_DESCRIBE_STRUCT(connections_output, (), (connections, matching, open))

struct kick_input {
  std::string connection;
};

BOOST_DESCRIBE_STRUCT(kick_input, (), (connection))

struct log_level_input {
  std::string connection;
  /// None for that of the log.
  std::optional<std::string> level;

  void validate(std::vector<field_error>& errors) const {
    if (log::level x = log::level::off; level && !log::from_string(*level, x))
      errors.push_back({"level", "is trace, debug, info, warning, error, off, "
                                 "or null for what holds for all"});
  }
};

BOOST_DESCRIBE_STRUCT(log_level_input, (), (connection, level))

// -- asking -------------------------------------------------------------------

task<roster_page> look(context ctx, const roster& at, roster_query which) {
  co_return co_await callback<roster_page>(ctx, [&](auto done) {
    at.look(std::move(which), [done](caf::expected<roster_page> what) {
      if (what)
        done(std::move(*what));
      else
        done.fail(std::move(what.error()));
    });
  });
}

std::function<std::uint64_t(const caf::actor&, roster_query::time_point)>
weight_of(connection_order order) {
  switch (order) {
    case connection_order::backlog:
      return [](const caf::actor& who, auto) {
        return std::uint64_t{client{who}.backlog()};
      };
    case connection_order::oldest:
      return [](const caf::actor&, roster_query::time_point since) {
        return ~static_cast<std::uint64_t>(since.time_since_epoch().count());
      };
    default:
      return {};
  }
}

user_row row_of(const user& who) {
  return {who.id, who.name, who.permissions, who.extras};
}

/// What is known of it without its actor. Headers are not shown, nor what a
/// client of Socket.IO has shown to get in (`socket_io_options::keep_auth`):
/// there may be secrets in them.
connection_row row_of(const roster_page::entry& what,
                      roster_query::time_point now) {
  auto& who = *what.who;
  connection_row result{
    who.connection_id,
    std::nullopt,
    to_string(who.protocol),
    to_string(who.transport),
    who.remote_address,
    who.interface,
    std::nullopt,
    who.extras,
    std::chrono::duration_cast<std::chrono::milliseconds>(now - what.since)
      .count(),
    client{what.client}.backlog()};
  result.extras.erase("auth");
  if (who.user)
    result.user = row_of(*who.user);
  if (who.certificate)
    result.certificate = who.certificate->subject;
  return result;
}

void add_figures(connection_row& to, const client_figures& what) {
  to.answers = true;
  to.inFlight = what.in_flight;
  to.subscriptions = what.subscriptions;
  if (what.logged_from != log::level::off)
    to.logLevel = to_string(what.logged_from);
}

auto connections_function(const roster& all) {
  return [&all](context ctx, connections_input in) -> task<connections_output> {
    roster_query which{.text = std::move(in.filter).value_or(""),
                       .limit = in.limit,
                       .weight = weight_of(in.order)};
    auto page = co_await look(ctx, all, std::move(which));
    if (!page)
      co_return std::move(page.error());
    std::vector<caf::actor> asked;
    for (auto& x : page->entries)
      asked.push_back(x.client);
    auto figures = co_await ask_for_figures(ctx, std::move(asked));
    if (!figures)
      co_return std::move(figures.error());
    connections_output result{{}, page->matching, all.open()};
    auto now = ctx.self()->clock().now();
    for (std::size_t i = 0; i < page->entries.size(); ++i) {
      auto& row
        = result.connections.emplace_back(row_of(page->entries[i], now));
      if (auto& found = (*figures)[i])
        add_figures(row, *found);
    }
    co_return result;
  };
}

// -- acting -------------------------------------------------------------------

/// The one with this id.
task<roster_page::entry> find(context ctx, const roster& among,
                              std::string id) {
  roster_query which{.connection = std::move(id), .limit = 1};
  auto page = co_await look(ctx, among, std::move(which));
  if (!page)
    co_return std::move(page.error());
  if (page->entries.empty())
    co_return public_error("there is no such connection", 404,
                           "unknown_connection");
  co_return std::move(page->entries.front());
}

auto kick_function(const roster& all) {
  return [&all](context ctx, kick_input in) -> task<void> {
    auto found = co_await find(ctx, all, in.connection);
    if (!found)
      co_return std::move(found.error());
    log::info("connection " + in.connection + " is disconnected by the key \""
              + ctx.claims().user->id + "\"");
    all.kick_connection(std::move(in.connection));
    co_return ok;
  };
}

auto log_level_function(const roster& all) {
  return [&all](context ctx, log_level_input in) -> task<void> {
    auto found = co_await find(ctx, all, in.connection);
    if (!found)
      co_return std::move(found.error());
    auto least = log::level::off;
    if (in.level)
      log::from_string(*in.level, least);
    auto how = least == log::level::off
                 ? std::string{" is logged as all others again"}
                 : " is logged from " + to_string(least) + " up";
    log::info("connection " + in.connection + how + ", says the key \""
              + ctx.claims().user->id + "\"");
    client{found->client}.log_from(least);
    co_return ok;
  };
}

} // namespace

void add_connection_strategies(strategy_registry& to, const validator& guard,
                               const admin_sources& from) {
  auto& all = from.connections;
  to.add(to.name_of("admin:connections"), guard, connections_function(all));
  to.add(to.name_of("admin:kick"), guard, kick_function(all));
  to.add(to.name_of("admin:log_level"), guard, log_level_function(all));
}

} // namespace flamigo::detail
