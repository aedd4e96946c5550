#include "flamigo/monitoring/detail/metrics_page.hpp"

#include <optional>
#include <string_view>
#include <vector>

#include "flamigo/bus/bus.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/metrics/detail/metric_text.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/monitoring/detail/process_figures.hpp"
#include "flamigo/presence/memory_presence.hpp"

namespace flamigo::detail {

namespace {

/// Nothing of what is not known.
template <class T>
void write_known(metric_text& to, std::string_view name, std::string_view type,
                 std::string_view help, const std::optional<T>& value) {
  if (value)
    to.one(name, type, help, *value);
}

/// One sample for each domain. `figure` says which.
template <class F>
void write_each(metric_text& to, const std::vector<domain_figures>& all,
                std::string_view name, std::string_view type,
                std::string_view help, F figure) {
  to.family(name, type, help);
  for (auto& x : all)
    to.sample(name, "domain", x.name, figure(x));
}

bool is_missed(domain_state x) {
  return x == domain_state::down || x == domain_state::ended;
}

/// Several may have one name, and a label can stand for one only.
std::vector<domain_figures> by_name(std::vector<domain_figures> all) {
  std::vector<domain_figures> result;
  for (auto& x : all) {
    auto i = result.begin();
    while (i != result.end() && i->name != x.name)
      ++i;
    if (i == result.end()) {
      result.push_back(std::move(x));
      continue;
    }
    i->queued_requests += x.queued_requests;
    i->queued_events += x.queued_events;
    i->restarts += x.restarts;
    if (is_missed(x.state))
      i->state = x.state;
  }
  return result;
}

void write_domains(metric_text& to, const domain_health& domains) {
  auto all = by_name(domains.figures());
  write_each(to, all, "flamigo_domain_up", "gauge",
             "Whether the domain takes requests, or lives on another node.",
             [](auto& x) { return std::size_t{is_missed(x.state) ? 0u : 1u}; });
  write_each(to, all, "flamigo_domain_queued_requests", "gauge",
             "Requests that wait for the domain's actor.",
             [](auto& x) { return x.queued_requests; });
  write_each(to, all, "flamigo_domain_queued_events", "gauge",
             "Events that wait for the domain's listeners.",
             [](auto& x) { return x.queued_events; });
  write_each(to, all, "flamigo_domain_restarts_total", "counter",
             "How often the domain was restarted.",
             [](auto& x) { return x.restarts; });
  to.one("flamigo_domain_failures_total", "counter",
         "How often a domain went down.", domains.failures());
  to.one("flamigo_domain_dropped_events_total", "counter",
         "Events that domains have not heard, since too many waited.",
         domains.dropped_events());
}

void write_channels(metric_text& to, const metrics_sources& from) {
  to.one("flamigo_bus_subscriptions", "gauge",
         "Patterns and topics that connections, domains and other actors "
         "are subscribed to.",
         from.bus.subscriptions());
  to.one("flamigo_presence_channels", "gauge",
         "Channels in which somebody is seen.", from.presence.channels());
  to.one("flamigo_presence_members", "gauge",
         "Who is seen, once for each channel.", from.presence.people());
  if (from.history != nullptr)
    to.one("flamigo_history_channels", "gauge",
           "Channels of which something is kept.", from.history->topics());
}

void write_process(metric_text& to) {
  auto now = process_figures::read();
  write_known(to, "process_cpu_seconds_total", "counter",
              "User and system time of all threads.", now.cpu_seconds);
  write_known(to, "process_resident_memory_bytes", "gauge",
              "Memory that is there.", now.resident_bytes);
  write_known(to, "process_virtual_memory_bytes", "gauge",
              "Memory that was asked for.", now.virtual_bytes);
  write_known(to, "process_threads", "gauge", "Threads.", now.threads);
  write_known(to, "process_open_fds", "gauge", "File descriptors.",
              process_figures::count_open_files());
  write_known(to, "process_max_fds", "gauge",
              "File descriptors that there can be.", now.max_open_files);
  write_known(to, "process_start_time_seconds", "gauge",
              "When the process was started, since 1970.", now.start_seconds);
}

} // namespace

std::string metrics_page(const metrics_sources& from) {
  metric_text result;
  from.counted.write(result);
  result.one("flamigo_sockets_open", "gauge",
             "Sockets that are open, of HTTP and of all that begins with it.",
             from.sockets());
  write_channels(result, from);
  write_domains(result, from.domains);
  for (auto& write : from.others)
    write(result);
  write_process(result);
  return result.take();
}

} // namespace flamigo::detail
