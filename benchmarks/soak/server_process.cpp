#include "server_process.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "../load/number.hpp"
#include "../load/process_usage.hpp"

namespace flamigo::soak {

namespace {

constexpr std::size_t kept_lines = 60;

constexpr std::string_view listening = "listening on http://127.0.0.1:";

struct two_ends {
  pipe_end read;
  pipe_end write;
};

two_ends make_pipe() {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe"};
  return {pipe_end{fds[0]}, pipe_end{fds[1]}};
}

[[noreturn]] void become(const char* program, char* const* arguments,
                         int output, int log) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(program, arguments);
  constexpr std::string_view failed = "cannot be started\n";
  [[maybe_unused]] auto n = write(log, failed.data(), failed.size());
  _exit(127);
}

} // namespace

server_process::server_process(const std::string& program,
                               const std::vector<std::string>& arguments) {
  auto output = make_pipe();
  auto log = make_pipe();
  fcntl(log.read.get(), F_SETFL, O_NONBLOCK);
  std::vector<std::string> texts{program};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& x : texts)
    pointers.push_back(x.data());
  pointers.push_back(nullptr);
  pid_ = fork();
  if (pid_ < 0)
    throw std::system_error{errno, std::generic_category(), "fork"};
  if (pid_ == 0)
    become(program.c_str(), pointers.data(), output.write.get(),
           log.write.get());
  output_ = std::move(output.read);
  log_ = std::move(log.read);
}

server_process::~server_process() {
  if (ended())
    return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void server_process::signal(int number) const {
  if (kill(pid_, number) != 0)
    throw std::system_error{errno, std::generic_category(), "kill"};
}

std::optional<int> server_process::ended() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_)
    status_ = status;
  return status_;
}

// -- what it says -------------------------------------------------------------

void server_process::read_log() {
  std::array<char, 65536> buffer;
  while (log_.get() >= 0) {
    auto got = read(log_.get(), buffer.data(), buffer.size());
    if (got <= 0)
      return;
    partial_.append(buffer.data(), static_cast<std::size_t>(got));
    std::size_t begin = 0;
    for (auto end = partial_.find('\n'); end != partial_.npos;
         begin = end + 1, end = partial_.find('\n', begin))
      add_line(partial_.substr(begin, end - begin));
    partial_.erase(0, begin);
  }
}

void server_process::add_line(std::string line) {
  if (auto i = line.find(listening); i != line.npos) {
    std::string_view rest{line};
    rest.remove_prefix(i + listening.size());
    std::uint64_t number = 0;
    if (load::take_number(rest, number))
      port_ = static_cast<std::uint16_t>(number);
  }
  lines_.push_back(std::move(line));
  if (lines_.size() > kept_lines)
    lines_.pop_front();
}

std::string server_process::output() {
  std::string result;
  std::array<char, 4096> buffer;
  while (true) {
    auto got = read(output_.get(), buffer.data(), buffer.size());
    if (got <= 0)
      return result;
    result.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

// -- what it holds ------------------------------------------------------------

std::size_t server_process::descriptors() const {
  std::filesystem::directory_iterator all{"/proc/" + std::to_string(pid_)
                                          + "/fd"};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::uint64_t server_process::memory() const {
  try {
    return load::process_usage{{pid_}}.resident_bytes();
  } catch (const std::runtime_error&) {
    return 0;
  }
}

std::string describe_end(int status) {
  if (WIFSIGNALED(status))
    return std::string{"signal "} + std::to_string(WTERMSIG(status)) + " ("
           + strsignal(WTERMSIG(status)) + ")";
  return "exit status " + std::to_string(WEXITSTATUS(status));
}

} // namespace flamigo::soak
