#include "http_request.hpp"

#include <array>
#include <stdexcept>

#include <sys/socket.h>
#include <sys/time.h>

#include "pipe_end.hpp"

namespace flamigo::soak {

namespace {

constexpr timeval patience{10, 0};

} // namespace

std::string http_request(const sockaddr_in& server, std::string_view method,
                         std::string_view target) {
  auto fail = [&](const char* why) -> std::runtime_error {
    return std::runtime_error{std::string{method} + ' ' + std::string{target}
                              + ": " + why};
  };
  pipe_end line{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  setsockopt(line.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(line.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (connect(line.get(), reinterpret_cast<const sockaddr*>(&server),
              sizeof server)
      != 0)
    throw fail("could not connect");
  std::string text{method};
  text += ' ';
  text += target;
  text += " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
          "Content-Length: 0\r\n\r\n";
  if (send(line.get(), text.data(), text.size(), MSG_NOSIGNAL)
      != static_cast<ssize_t>(text.size()))
    throw fail("could not send");
  std::string answer;
  std::array<char, 4096> buffer;
  while (true) {
    auto got = recv(line.get(), buffer.data(), buffer.size(), 0);
    if (got < 0)
      throw fail("no answer");
    if (got == 0)
      break;
    answer.append(buffer.data(), static_cast<std::size_t>(got));
  }
  auto body = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 200 ") || body == answer.npos)
    throw fail("the answer is not 200");
  return answer.substr(body + 4);
}

} // namespace flamigo::soak
