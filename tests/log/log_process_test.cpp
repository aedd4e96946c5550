#include <chrono>

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flamigo/log/log.hpp"
#include "support/child_process.hpp"
#include "support/log_capture.hpp"
#include "support/stuck_pipe.hpp"

using namespace std::chrono_literals;
using namespace flamigo::test;

namespace lg = flamigo::log;

// -- what the children do -----------------------------------------------------

TEST_CASE("child: logs and ends", "[.]") {
  for (int i = 0; i < 1'000; ++i)
    lg::info("line " + std::to_string(i));
}

TEST_CASE("child: logs when it ends", "[.]") {
  struct late {
    ~late() {
      lg::info("the end");
    }
  };
  // Destroyed after the log has waited for its lines.
  static late last;
  lg::info("the beginning");
}

TEST_CASE("child: opens a file", "[.]") {
  lg::set_level(lg::level::info);
  CHECK(::open("/dev/null", O_RDONLY) > STDERR_FILENO);
}

// -- the tests ----------------------------------------------------------------

TEST_CASE("what was logged is written when the program ends") {
  temporary_directory dir;
  auto path = dir.path() / "stderr";
  auto fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  auto expect = [&](const char* name, std::size_t lines, const char* last) {
    child_process child{name, fd};
    CHECK(child.wait(30s) == 0);
    auto all = lines_of(path);
    REQUIRE(all.size() == lines);
    CHECK(all.back().ends_with(last));
  };
  expect("child: logs and ends", 1'000, " info line 999");
  expect("child: logs when it ends", 1'002, " info the end");
  ::close(fd);
}

TEST_CASE("a log that nobody reads holds up the program's end, but not long") {
  stuck_pipe pipe;
  auto begin = std::chrono::steady_clock::now();
  for (auto name : {"child: logs and ends", "child: logs when it ends"}) {
    child_process child{name, pipe.writer()};
    CHECK(child.wait(30s) == 0);
  }
  auto time = std::chrono::steady_clock::now() - begin;
  // It did try.
  CHECK(time >= 2 * lg::exit_limit);
}

TEST_CASE("without a standard error, what is opened does not become it") {
  child_process child{"child: opens a file", -1};
  CHECK(child.wait(30s) == 0);
}

// The thread sanitizer ends a process that was forked and starts a thread.
#ifndef __SANITIZE_THREAD__

TEST_CASE("a process that was forked logs on by itself") {
  log_capture out;
  lg::info("parent");
  // The address sanitizer's memory is not for a process that was forked while
  // another thread asked for some.
  REQUIRE(lg::flush(10s));
  auto pid = ::fork();
  if (pid == 0) {
    lg::info("child");
    ::_exit(lg::flush(10s) ? 0 : 1);
  }
  REQUIRE(pid > 0);
  int status = -1;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  CHECK(status == 0);
  lg::info("parent again");
  auto lines = out.lines();
  REQUIRE(lines.size() == 3);
  CHECK(lines[2].ends_with(" info parent again"));
}

#endif
