#include "flamigo/log/detail/complaint.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <string>

#include <poll.h>
#include <unistd.h>

#include "flamigo/log/detail/log_escape.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

namespace {

void write_line(std::string_view text) noexcept {
  std::array<char, PIPE_BUF> line;
  auto size = std::min(text.size(), line.size() - 1);
  std::copy_n(text.begin(), size, line.begin());
  line[size] = '\n';
  // What is ready takes that much at once.
  pollfd out{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
  if (::poll(&out, 1, static_cast<int>(log::exit_limit.count())) != 1)
    return;
  [[maybe_unused]] auto n = ::write(out.fd, line.data(), size + 1);
}

} // namespace

void complain(std::string_view sentence) noexcept {
  if (harmless_prefix(sentence) == sentence.size())
    return write_line(sentence);
  try {
    write_line(log::escape(sentence));
  } catch (...) {
    // The exit status is left to tell.
  }
}

} // namespace flamigo::detail
