#include "report.hpp"

#include <iomanip>
#include <sstream>

namespace flamigo::load {

namespace {

std::ostream& row(std::ostream& out, const char* name) {
  return out << std::left << std::setw(16) << name;
}

void rows_of_usage(std::ostream& out, const report& x) {
  if (x.server_cpu_us)
    row(out, "server CPU") << *x.server_cpu_us << " us an operation\n";
  if (x.server_join_cpu_us)
    row(out, "unseen") << *x.server_join_cpu_us << " us an operation\n";
  if (x.server_plain_cpu_us)
    row(out, "as plain events")
      << *x.server_plain_cpu_us << " us an operation\n";
  if (x.client_cpu_us)
    row(out, "generator CPU") << *x.client_cpu_us << " us an operation\n";
  if (x.server_resident_bytes)
    row(out, "server memory")
      << static_cast<double>(*x.server_resident_bytes) / (1024 * 1024)
      << " MiB\n";
  if (x.server_bytes_per_connection)
    row(out, "a connection")
      << std::setprecision(0) << *x.server_bytes_per_connection << " bytes\n"
      << std::setprecision(2);
  if (x.server_cpu_idle_ms)
    row(out, "while quiet") << *x.server_cpu_idle_ms << " ms of CPU a second\n";
}

} // namespace

bool is_good(const report& x) {
  return x.operations > 0 && x.errors == 0 && x.lost == 0 && x.duplicated == 0
         && x.reordered == 0;
}

std::string to_table(const report& x) {
  std::ostringstream out;
  out << std::fixed << std::setprecision(2);
  row(out, "load") << x.mode << ", " << x.connections << " connections";
  if (x.publishers > 0)
    out << ", " << x.publishers << " publishers";
  out << ", depth " << x.depth << (x.lockstep ? ", lockstep" : "") << '\n';
  row(out, "operations") << x.operations << " in " << x.seconds << " s, "
                         << std::setprecision(0) << x.operations_per_second
                         << " a second\n"
                         << std::setprecision(2);
  rows_of_usage(out, x);
  if (x.observer_messages)
    row(out, "an observer") << *x.observer_messages << " messages a second\n";
  const auto& latency = x.latency_us;
  row(out, "latency in us") << "p50 " << latency.p50 << "  p90 " << latency.p90
                            << "  p99 " << latency.p99 << "  p99.9 "
                            << latency.p99_9 << "  max " << latency.max << '\n';
  row(out, "errors") << x.errors << ", lost " << x.lost << ", duplicated "
                     << x.duplicated << ", reordered " << x.reordered << '\n';
  return out.str();
}

} // namespace flamigo::load
