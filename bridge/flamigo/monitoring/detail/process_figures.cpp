#include "flamigo/monitoring/detail/process_figures.hpp"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include <sys/resource.h>
#include <unistd.h>

namespace flamigo::detail {

namespace {

/// `/proc/self/stat` behind the name of the program, which may have blanks and
/// brackets in it (proc(5)): the first is the state, which is field 3.
struct process_stat {
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  std::size_t threads = 0;
  std::uint64_t start_ticks = 0;
  std::size_t virtual_bytes = 0;
  std::size_t resident_pages = 0;

  bool read() {
    std::ifstream file{"/proc/self/stat"};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    std::istringstream fields{text.substr(text.rfind(')') + 1)};
    std::string skipped;
    auto skip = [&](int count) {
      while (count-- > 0)
        fields >> skipped;
    };
    skip(11);
    fields >> user_ticks >> system_ticks;
    skip(4);
    fields >> threads;
    skip(1);
    fields >> start_ticks >> virtual_bytes >> resident_pages;
    return static_cast<bool>(fields);
  }
};

/// When the machine was started, since 1970.
std::optional<double> boot_seconds() {
  std::ifstream file{"/proc/stat"};
  for (std::string name; file >> name;) {
    if (double value = 0; name == "btime" && file >> value)
      return value;
    file.ignore(1 << 16, '\n');
  }
  return std::nullopt;
}

} // namespace

std::optional<std::size_t> process_figures::count_open_files() {
  std::error_code ec;
  std::filesystem::directory_iterator all{"/proc/self/fd", ec};
  if (ec)
    return std::nullopt;
  std::size_t result = 0;
  for (std::filesystem::directory_iterator end; all != end && !ec;
       all.increment(ec))
    ++result;
  // The one by which they are read is among them.
  return result > 0 ? result - 1 : 0;
}

process_figures process_figures::read() {
  process_figures result;
  auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  process_stat stat;
  if (stat.read() && ticks > 0) {
    result.cpu_seconds
      = static_cast<double>(stat.user_ticks + stat.system_ticks) / ticks;
    result.threads = stat.threads;
    result.virtual_bytes = stat.virtual_bytes;
    result.resident_bytes = stat.resident_pages
                            * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    static const auto boot = boot_seconds();
    if (boot)
      result.start_seconds = *boot
                             + static_cast<double>(stat.start_ticks) / ticks;
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    result.max_open_files = static_cast<std::size_t>(limit.rlim_cur);
  return result;
}

} // namespace flamigo::detail
