#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace flamigo::test {

/// This program once more, with one test case, which may be a hidden one, and
/// without its standard input. It is killed when this object ends.
class child_process {
public:
  /// `standard_error` is that of the child; -1 for none at all.
  child_process(std::string test_case, int standard_error) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    life_ = ends[0];
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addclose(&files, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    if (standard_error >= 0)
      ::posix_spawn_file_actions_adddup2(&files, standard_error, STDERR_FILENO);
    else
      ::posix_spawn_file_actions_addclose(&files, STDERR_FILENO);
    std::string name = "test";
    char* argv[] = {name.data(), test_case.data(), nullptr};
    auto err = ::posix_spawn(&pid_, "/proc/self/exe", &files, nullptr, argv,
                             environ);
    ::posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    REQUIRE(err == 0);
  }

  child_process(const child_process&) = delete;

  ~child_process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(life_);
  }

  /// @pre it has not been waited for
  void signal(int what) {
    REQUIRE(::kill(pid_, what) == 0);
  }

  /// What `waitpid` says, or nothing if it has not ended within the limit.
  std::optional<int> wait(std::chrono::milliseconds limit) {
    // It has ended when nobody can write to its standard output any more.
    pollfd ready{.fd = life_, .events = POLLIN, .revents = 0};
    char chunk[4096];
    do {
      if (::poll(&ready, 1, static_cast<int>(limit.count())) != 1)
        return std::nullopt;
    } while (::read(life_, chunk, sizeof(chunk)) > 0);
    int status = -1;
    REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    pid_ = -1;
    return status;
  }

private:
  pid_t pid_ = -1;
  int life_ = -1;
};

} // namespace flamigo::test
