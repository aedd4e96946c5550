#include "machine.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <system_error>

#include <sched.h>
#include <sys/resource.h>

namespace flamigo::load {

void pin_to_cpu(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<std::size_t>(cpu), &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0)
    throw std::runtime_error{"--cpu: this process may not run on processor "
                             + std::to_string(cpu)};
}

void allow_descriptors(std::size_t count) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    throw std::system_error{errno, std::generic_category(), "getrlimit"};
  if (limit.rlim_cur >= count)
    return;
  limit.rlim_cur = count;
  // Only root may go beyond the hard limit.
  limit.rlim_max = std::max<rlim_t>(limit.rlim_max, count);
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
    throw std::runtime_error{"this needs " + std::to_string(count)
                             + " open files, which is more than is allowed: "
                               "raise `ulimit -n`, or run it as root"};
}

} // namespace flamigo::load
