#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "pipe_end.hpp"

namespace flamigo::soak {

/// The server, a child of this process, which is killed when this is destroyed.
/// Its log comes through a pipe. All calls but the destructor's throw
/// `std::system_error` if the system fails them.
class server_process {
public:
  /// Throws if the program cannot be started.
  server_process(const std::string& program,
                 const std::vector<std::string>& arguments);

  server_process(const server_process&) = delete;

  server_process& operator=(const server_process&) = delete;

  ~server_process();

  void signal(int number) const;

  /// How it has ended, as `waitpid` has it; nothing while it runs.
  std::optional<int> ended();

  // -- what it says -----------------------------------------------------------

  /// Takes what there is of the log.
  void read_log();

  /// Closes the log's other end: whoever read it is gone.
  void close_log() {
    log_.close();
  }

  /// The port that it listens on, once the log has said so.
  std::optional<std::uint16_t> port() const {
    return port_;
  }

  /// The last lines of the log.
  const std::deque<std::string>& lines() const {
    return lines_;
  }

  /// All of its standard output, once it has ended.
  std::string output();

  // -- what it holds ----------------------------------------------------------

  std::size_t descriptors() const;

  /// Resident bytes; 0 if it has ended.
  std::uint64_t memory() const;

private:
  void add_line(std::string line);

  pid_t pid_ = -1;
  std::optional<int> status_;
  pipe_end log_;
  pipe_end output_;
  std::string partial_;
  std::deque<std::string> lines_;
  std::optional<std::uint16_t> port_;
};

/// How a process has ended, for people.
std::string describe_end(int status);

} // namespace flamigo::soak
