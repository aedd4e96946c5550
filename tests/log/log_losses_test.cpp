#include <chrono>
#include <csignal>
#include <future>
#include <optional>
#include <sstream>

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include "flamigo/log/log.hpp"
#include "support/log_capture.hpp"
#include "support/redirected_stderr.hpp"
#include "support/stuck_pipe.hpp"

using namespace std::chrono_literals;
using namespace flamigo::test;

namespace lg = flamigo::log;

namespace {

/// Standard error is a pipe that nobody reads, until `read`.
class stuck_stderr {
public:
  explicit stuck_stderr(int flags = 0) {
    ::fcntl(pipe.writer(), F_SETFL, flags);
  }

  /// Lets the log get on, and returns its lines without their times.
  std::vector<std::string> read() {
    auto all = std::async([this] { return pipe.read_all(); });
    CHECK(lg::flush(10s));
    redirection_.reset();
    pipe.close_writer();
    std::istringstream in{all.get()};
    std::vector<std::string> result;
    for (std::string line; std::getline(in, line);)
      result.push_back(line.substr(std::min<std::size_t>(24, line.size())));
    return result;
  }

  stuck_pipe pipe;

private:
  std::optional<redirected_stderr> redirection_{pipe.writer()};
};

bool starts_with_number(const std::string& line, std::size_t& number,
                        const std::string& before, const std::string& after) {
  if (!line.starts_with(before))
    return false;
  std::istringstream in{line.substr(before.size())};
  return in >> number && line == before + std::to_string(number) + after;
}

} // namespace

TEST_CASE("who logs does not wait for who reads the log") {
  stuck_stderr out;
  constexpr std::size_t count = 3 * lg::max_waiting_lines;
  auto logging = std::async([] {
    for (std::size_t i = 0; i < count; ++i)
      lg::info("line " + std::to_string(i));
  });
  CHECK(logging.wait_for(10s) == std::future_status::ready);
  CHECK_FALSE(lg::flush(0s));
  // What waited was bounded, the newest lines are there, in order, and the log
  // says how many are not.
  std::size_t seen = 0, dropped = 0, next = 0, reports = 0;
  for (auto& line : out.read()) {
    std::size_t number = 0;
    if (starts_with_number(line, number, "info line ", "")) {
      REQUIRE(number >= next);
      next = number + 1;
      ++seen;
    } else {
      REQUIRE(starts_with_number(line, number, "warning ",
                                 " lines were dropped: they came faster than "
                                 "the log could be written"));
      dropped += number;
      ++reports;
    }
  }
  CHECK(next == count);
  CHECK(seen + dropped == count);
  CHECK(dropped > 0);
  CHECK(seen >= lg::max_waiting_lines);
  // What waits, and what the writer had in its hands.
  CHECK(seen < lg::max_waiting_lines + 500);
}

TEST_CASE("up to the bound, lines wait without a loss") {
  stuck_stderr out;
  for (std::size_t i = 0; i < lg::max_waiting_lines; ++i)
    lg::info("line " + std::to_string(i));
  auto lines = out.read();
  REQUIRE(lines.size() == lg::max_waiting_lines);
  for (std::size_t i = 0; i < lines.size(); ++i)
    REQUIRE(lines[i] == "info line " + std::to_string(i));
}

TEST_CASE("standard error that somebody made non-blocking is waited for") {
  stuck_stderr out{O_NONBLOCK};
  lg::info("patience");
  CHECK(out.read() == std::vector<std::string>{"info patience"});
}

TEST_CASE("a reader of the log that is gone costs lines, not the process") {
  {
    stuck_pipe pipe;
    pipe.close_reader();
    redirected_stderr redirection{pipe.writer()};
    lg::info("nobody reads");
    CHECK(lg::flush(10s));
  }
  log_capture out;
  lg::info("somebody does");
  auto lines = out.lines();
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].ends_with(" warning 1 line was dropped: Broken pipe"));
  CHECK(lines[1].ends_with(" info somebody does"));
}

TEST_CASE("lines for which the disk has no room are counted") {
  // For it there never is any.
  REQUIRE_FALSE(lg::open_file("/dev/full"));
  lg::info("one");
  CHECK(lg::flush(10s));
  lg::info("two");
  lg::info("three");
  CHECK(lg::flush(10s));
  log_capture out;
  lg::info("four");
  lg::info("five");
  auto lines = out.lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[0].ends_with(" warning 3 lines were dropped: No space left on "
                           "device"));
  CHECK(lines[1].ends_with(" info four"));
  CHECK(lines[2].ends_with(" info five"));
}

TEST_CASE("the beginning of a line that is too long is logged") {
  log_capture out;
  auto limit = lg::max_line_bytes;
  lg::info(std::string(limit, 'x'));
  lg::info(std::string(limit + 1, 'x'));
  // A character is not cut in two, wherever the end falls.
  for (std::size_t i = 0; i < 4; ++i)
    lg::info(std::string(limit - 35 + i, 'x') + "\U0001f9a9\U0001f9a9"
             + std::string(1'000'000, 'x'));
  auto lines = out.lines();
  REQUIRE(lines.size() == 6);
  CHECK(lines[0].ends_with(" " + std::string(limit, 'x')));
  CHECK(lines[1].ends_with("x... (33 more bytes)"));
  for (std::size_t i = 2; i < 6; ++i) {
    CHECK(lg::escape(lines[i]) == lines[i]);
    CHECK(lines[i].find("... (10000") != std::string::npos);
    CHECK(lines[i].size() < 4096);
  }
}
