#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace flamigo::test {

/// A NATS server on loopback, at the same port as long as this lives.
class nats_server {
public:
  explicit nats_server(std::vector<std::string> more = {})
    : port_(free_port()), more_(std::move(more)) {
  }

  nats_server(const nats_server&) = delete;

  ~nats_server() {
    kill();
  }

  void start() {
    std::vector<std::string> words{"nats-server", "-a", "127.0.0.1", "-p",
                                   std::to_string(port_)};
    words.insert(words.end(), more_.begin(), more_.end());
    std::vector<char*> argv;
    for (auto& word : words)
      argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    for (auto fd : {STDOUT_FILENO, STDERR_FILENO})
      ::posix_spawn_file_actions_addopen(&files, fd, "/dev/null", O_WRONLY, 0);
    // Where Debian has it, which is not on everybody's PATH.
    constexpr auto there = "/usr/sbin/nats-server";
    auto* name = ::access(there, X_OK) == 0 ? there : "nats-server";
    auto err = ::posix_spawnp(&pid_, name, &files, nullptr, argv.data(),
                              environ);
    ::posix_spawn_file_actions_destroy(&files);
    INFO("nats-server comes with scripts/bootstrap test");
    REQUIRE(err == 0);
  }

  /// With other arguments from its next start on.
  void arguments(std::vector<std::string> more) {
    more_ = std::move(more);
  }

  /// As a power cut would.
  void kill() {
    if (pid_ <= 0)
      return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  void pause() {
    ::kill(pid_, SIGSTOP);
  }

  void go_on() {
    ::kill(pid_, SIGCONT);
  }

  std::string url(const std::string& token = {}) const {
    return "nats://" + (token.empty() ? token : token + "@")
           + "127.0.0.1:" + std::to_string(port_);
  }

  /// As somebody who is no node.
  bool publish(const std::string& subject, const std::string& text) const {
    auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto where = loopback(port_);
    auto said = "CONNECT {}\r\nPUB " + subject + " "
                + std::to_string(text.size()) + "\r\n" + text + "\r\nPING\r\n";
    auto result
      = ::connect(fd, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0
        && ::write(fd, said.data(), said.size())
             == static_cast<ssize_t>(said.size());
    // Until the server has answered to what stands behind it.
    std::string heard;
    char chunk[4096];
    while (result && heard.find("PONG") == heard.npos) {
      auto count = ::read(fd, chunk, sizeof chunk);
      result = count > 0;
      heard.append(chunk, count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    ::close(fd);
    return result;
  }

  static std::uint16_t free_port() {
    auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto where = loopback(0);
    socklen_t size = sizeof where;
    auto* address = reinterpret_cast<sockaddr*>(&where);
    REQUIRE(::bind(fd, address, size) == 0);
    REQUIRE(::getsockname(fd, address, &size) == 0);
    ::close(fd);
    return ntohs(where.sin_port);
  }

private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    result.sin_port = htons(port);
    return result;
  }

  std::uint16_t port_;
  std::vector<std::string> more_;
  pid_t pid_ = 0;
};

} // namespace flamigo::test
