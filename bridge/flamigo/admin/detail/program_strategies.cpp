#include "flamigo/admin/detail/program_strategies.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/monitoring/detail/process_figures.hpp"

namespace flamigo::detail {

namespace {

constexpr std::size_t max_rows_shown = 200;

void check_limit(std::size_t limit, std::vector<field_error>& errors) {
  if (limit == 0 || limit > max_rows_shown)
    errors.push_back({"limit", "is from 1 to 200"});
}

double milliseconds_of(std::chrono::nanoseconds what) {
  return std::chrono::duration<double, std::milli>{what}.count();
}

/// When this was, to tell by how much time two samples are apart.
double sample_time() {
  return milliseconds_of(std::chrono::steady_clock::now().time_since_epoch());
}

// -- the program --------------------------------------------------------------

struct overview_output {
  double atMs;
  bool draining;
  std::size_t connections;
  std::size_t connectionsEver;
  std::uint64_t inFlight;
  std::uint64_t backlogBytes;
  std::uint64_t backloggedConnections;
  std::uint64_t eventsPublished;
  std::uint64_t eventsDelivered;
  std::uint64_t receivedBytes;
  std::uint64_t sentBytes;
  std::size_t subscriptions;
  /// For how long the turn of each I/O thread goes on: of one that is blocked
  /// it grows.
  std::vector<double> turnAgesMs;
  std::optional<double> cpuSeconds;
  std::optional<std::size_t> residentBytes;
  /// Since 1970.
  std::optional<double> startSeconds;
};

BOOST_DESCRIBE_STRUCT(overview_output, (),
                      (atMs, draining, connections, connectionsEver, inFlight,
                       backlogBytes, backloggedConnections, eventsPublished,
                       eventsDelivered, receivedBytes, sentBytes, subscriptions,
                       turnAgesMs, cpuSeconds, residentBytes, startSeconds))

overview_output overview(const admin_sources& from) {
  auto sum = [&](metric what) { return from.counted.sum(what); };
  auto process = process_figures::read();
  overview_output result{sample_time(),
                         from.draining,
                         from.connections.open(),
                         from.connections.total(),
                         sum(metric::requests_in_flight),
                         sum(metric::backlog_bytes),
                         sum(metric::backlogged_connections),
                         sum(metric::events_published),
                         sum(metric::events_delivered),
                         sum(metric::received_bytes),
                         sum(metric::sent_bytes),
                         from.application.bus.subscriptions(),
                         {},
                         process.cpu_seconds,
                         process.resident_bytes,
                         process.start_seconds};
  for (auto age : from.counted.turn_ages())
    result.turnAgesMs.push_back(milliseconds_of(age));
  return result;
}

// -- strategies ---------------------------------------------------------------

struct strategy_row {
  /// Empty for what names no strategy of the program.
  std::string name;
  /// Those that were answered so, since the start.
  std::map<std::string, std::uint64_t> byStatus;
  /// In each bucket, and in none before it.
  std::vector<std::uint64_t> latency;
  double totalSeconds;
};

BOOST_DESCRIBE_STRUCT(strategy_row, (), (name, byStatus, latency, totalSeconds))

struct strategies_output {
  double atMs;
  /// Up to which each bucket goes; one more has the rest.
  std::vector<double> boundsSeconds;
  std::vector<strategy_row> strategies;
};

BOOST_DESCRIBE_STRUCT(strategies_output, (), (atMs, boundsSeconds, strategies))

strategies_output strategy_rows(const admin_sources& from) {
  using seconds = std::chrono::duration<double>;
  strategies_output result{sample_time(), {}, {}};
  for (auto bound : duration_cells::bounds)
    result.boundsSeconds.push_back(seconds{bound}.count());
  for (auto& x : from.counted.requests()) {
    strategy_row row{x.strategy,
                     {},
                     {x.latency.begin(), x.latency.end()},
                     seconds{std::chrono::nanoseconds{x.total_time}}.count()};
    for (std::size_t i = 0; i < x.by_status.size(); ++i)
      if (x.by_status[i] > 0)
        row.byStatus.emplace(status_labels[i], x.by_status[i]);
    result.strategies.push_back(std::move(row));
  }
  return result;
}

// -- domains ------------------------------------------------------------------

struct domain_row {
  std::string name;
  std::string state;
  std::size_t queuedRequests;
  std::size_t queuedEvents;
  std::size_t restarts;
};

BOOST_DESCRIBE_STRUCT(domain_row, (),
                      (name, state, queuedRequests, queuedEvents, restarts))

struct domains_output {
  std::vector<domain_row> domains;
};

BOOST_DESCRIBE_STRUCT(domains_output, (), (domains))

domains_output domain_rows(const admin_sources& from) {
  domains_output result;
  for (auto& x : from.application.domains.figures())
    result.domains.push_back({x.name, to_string(x.state), x.queued_requests,
                              x.queued_events, x.restarts});
  return result;
}

// -- topics -------------------------------------------------------------------

struct topics_input {
  std::optional<std::string> filter = {};
  std::size_t limit = 50;

  void validate(std::vector<field_error>& errors) const {
    check_limit(limit, errors);
  }
};

BOOST_DESCRIBE_STRUCT(topics_input, (), (filter, limit))

struct topic_row {
  std::string topic;
  /// Whether what is below it is heard as well.
  bool below;
  std::size_t subscribers;
};

BOOST_DESCRIBE_STRUCT(topic_row, (), (topic, below, subscribers))

struct topics_output {
  std::vector<topic_row> topics;
  std::size_t subscriptions;
};

BOOST_DESCRIBE_STRUCT(topics_output, (), (topics, subscriptions))

topics_output topic_rows(const admin_sources& from, const topics_input& in) {
  auto& bus = from.application.bus;
  topics_output result{{}, bus.subscriptions()};
  for (auto& x : bus.most_wanted(in.limit, in.filter.value_or("")))
    result.topics.push_back({std::move(x.text), !x.exactly, x.subscribers});
  return result;
}

// -- errors -------------------------------------------------------------------

struct errors_input {
  /// Whether those are shown that are not the server's fault.
  bool refusals = false;
  std::size_t limit = 50;

  void validate(std::vector<field_error>& errors) const {
    check_limit(limit, errors);
  }
};

BOOST_DESCRIBE_STRUCT(errors_input, (), (refusals, limit))

struct error_row {
  /// Since 1970.
  std::int64_t timeMs;
  std::string connection;
  std::string user;
  int status;
  std::string code;
  std::string message;
  std::string trace;
};

BOOST_DESCRIBE_STRUCT(error_row, (),
                      (timeMs, connection, user, status, code, message, trace))

struct errors_output {
  std::vector<error_row> errors;
};

BOOST_DESCRIBE_STRUCT(errors_output, (), (errors))

errors_output error_rows(const admin_sources& from, const errors_input& in) {
  errors_output result;
  for (auto& x : from.errors.latest(in.limit, in.refusals))
    result.errors.push_back(
      {std::chrono::duration_cast<std::chrono::milliseconds>(
         x.when.time_since_epoch())
         .count(),
       std::move(x.connection), std::move(x.user), x.status, std::move(x.code),
       std::move(x.message), std::move(x.trace)});
  return result;
}

} // namespace

void add_program_strategies(strategy_registry& to, const validator& guard,
                            const admin_sources& from) {
  to.add(to.name_of("admin:overview"), guard,
         [&from] { return overview(from); });
  to.add(to.name_of("admin:strategies"), guard,
         [&from] { return strategy_rows(from); });
  to.add(to.name_of("admin:domains"), guard,
         [&from] { return domain_rows(from); });
  to.add(to.name_of("admin:topics"), guard,
         [&from](const topics_input& in) { return topic_rows(from, in); });
  to.add(to.name_of("admin:errors"), guard,
         [&from](const errors_input& in) { return error_rows(from, in); });
}

} // namespace flamigo::detail
