#include "measurement.hpp"

namespace flamigo::load {

namespace {

double microseconds(std::chrono::nanoseconds x) {
  return std::chrono::duration<double, std::micro>{x}.count();
}

} // namespace

void measurement::start() {
  server_cpu_ -= server_.cpu_time();
  own_cpu_ -= own_cpu_time();
  elapsed_ -= clock::now().time_since_epoch();
  running_ = true;
}

void measurement::stop() {
  running_ = false;
  elapsed_ += clock::now().time_since_epoch();
  own_cpu_ += own_cpu_time();
  server_cpu_ += server_.cpu_time();
  if (!server_.empty())
    resident_bytes_ = server_.resident_bytes();
}

std::optional<double> measurement::server_cpu_us() const {
  if (running_ || server_.empty())
    return std::nullopt;
  return microseconds(server_cpu_);
}

void measurement::write(report& out) const {
  if (running_ || latency_.count() == 0)
    return;
  auto count = static_cast<double>(latency_.count());
  out.seconds = std::chrono::duration<double>{elapsed_}.count();
  out.operations = latency_.count();
  out.operations_per_second = count / out.seconds;
  out.client_cpu_us = microseconds(own_cpu_) / count;
  if (!server_.empty()) {
    out.server_cpu_us = microseconds(server_cpu_) / count;
    out.server_resident_bytes = resident_bytes_;
  }
  out.latency_us = {microseconds(latency_.quantile(0.5)),
                    microseconds(latency_.quantile(0.9)),
                    microseconds(latency_.quantile(0.99)),
                    microseconds(latency_.quantile(0.999)),
                    microseconds(latency_.max())};
}

} // namespace flamigo::load
