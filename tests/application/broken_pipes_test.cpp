#include <cerrno>
#include <memory>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flamigo/application/application.hpp"
#include "support/stuck_pipe.hpp"

using namespace flamigo;

namespace {

/// The signal is as the program finds it when it starts, while this lives.
struct default_signal {
  default_signal() {
    ::signal(SIGPIPE, SIG_DFL);
  }

  ~default_signal() {
    ::signal(SIGPIPE, SIG_DFL);
  }
};

std::unique_ptr<configuration> silent() {
  auto result = std::make_unique<configuration>();
  result->log_level = log::level::off;
  return result;
}

} // namespace

TEST_CASE("a reader that is gone does not end an application") {
  default_signal guard;
  application app{silent()};
  test::stuck_pipe pipe;
  pipe.close_reader();
  CHECK(::write(pipe.writer(), "x", 1) == -1);
  CHECK(errno == EPIPE);
}

TEST_CASE("programs that an application starts end by a broken pipe") {
  default_signal guard;
  application app{silent()};
  std::string name = "sh", option = "-c", script = "kill -PIPE $$";
  char* argv[] = {name.data(), option.data(), script.data(), nullptr};
  pid_t pid = -1;
  REQUIRE(::posix_spawnp(&pid, "sh", nullptr, nullptr, argv, environ) == 0);
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGPIPE);
}

TEST_CASE("what a program does about broken pipes is left to it") {
  default_signal guard;
  ::signal(SIGPIPE, SIG_IGN);
  application app{silent()};
  CHECK(::signal(SIGPIPE, SIG_DFL) == SIG_IGN);
}
