#include "process_usage.hpp"

#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>

#include <time.h>
#include <unistd.h>

namespace flamigo::load {

namespace {

std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec x{};
  if (clock_gettime(clock, &x) != 0)
    return std::chrono::nanoseconds{-1};
  return std::chrono::seconds{x.tv_sec} + std::chrono::nanoseconds{x.tv_nsec};
}

std::runtime_error gone(pid_t pid) {
  return std::runtime_error{"there is no process " + std::to_string(pid)
                            + ", or not any more"};
}

std::optional<std::uint64_t> rollup_bytes(const std::string& directory) {
  std::ifstream in{directory + "/smaps_rollup"};
  for (std::string word; in >> word;) {
    std::uint64_t kib = 0;
    if (word == "Rss:" && in >> kib)
      return kib * 1024;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> statm_bytes(const std::string& directory) {
  std::ifstream in{directory + "/statm"};
  std::uint64_t size = 0;
  std::uint64_t resident = 0;
  if (in >> size >> resident)
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  return std::nullopt;
}

} // namespace

std::chrono::nanoseconds process_usage::cpu_time() const {
  std::chrono::nanoseconds result{0};
  for (auto pid : pids_) {
    clockid_t clock{};
    if (clock_getcpuclockid(pid, &clock) != 0)
      throw gone(pid);
    auto used = read_clock(clock);
    if (used.count() < 0)
      throw gone(pid);
    result += used;
  }
  return result;
}

std::uint64_t process_usage::resident_bytes() const {
  std::uint64_t result = 0;
  for (auto pid : pids_) {
    auto directory = "/proc/" + std::to_string(pid);
    auto bytes = rollup_bytes(directory);
    if (!bytes)
      bytes = statm_bytes(directory);
    if (!bytes)
      throw gone(pid);
    result += *bytes;
  }
  return result;
}

std::chrono::nanoseconds own_cpu_time() {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

} // namespace flamigo::load
