#include "connection.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "handshake.hpp"

namespace flamigo::load {

namespace {

const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

void enable(int fd, int level, int option) {
  int on = 1;
  setsockopt(fd, level, option, &on, sizeof on);
}

std::string close_text(std::string_view payload) {
  std::string result = "the server closed the connection";
  if (payload.size() < 2)
    return result;
  auto code = (static_cast<unsigned char>(payload[0]) << 8)
              | static_cast<unsigned char>(payload[1]);
  result += " with " + std::to_string(code);
  if (payload.size() > 2) {
    result += ": ";
    result += payload.substr(2);
  }
  return result;
}

} // namespace

connection::~connection() {
  if (fd_ >= 0)
    ::close(fd_);
}

// -- opening ------------------------------------------------------------------

void connection::open() {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0)
    throw std::system_error{errno, std::generic_category(), "socket"};
  enable(fd_, IPPROTO_TCP, TCP_NODELAY);
  if (to_.connections_an_address > 0) {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    auto number = index_ / to_.connections_an_address;
    own.sin_addr.s_addr
      = htonl(INADDR_LOOPBACK + static_cast<std::uint32_t>(number));
    // The port is chosen when the other side is known.
    enable(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    if (bind(fd_, generic(own), sizeof own) != 0)
      throw std::system_error{errno, std::generic_category(), "bind"};
  }
  state_ = state::connecting;
  if (connect(fd_, generic(to_.server), sizeof to_.server) != 0
      && errno != EINPROGRESS)
    throw std::system_error{errno, std::generic_category(), "connect"};
  poll_.watch(fd_, *this, EPOLLOUT);
}

void connection::finish_connecting() {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) {
    end(std::string{"could not connect: "} + std::strerror(error));
    return;
  }
  state_ = state::upgrading;
  out_ = to_.upgrade;
  poll_.rewatch(fd_, *this, EPOLLIN);
  flush();
}

// -- sending ------------------------------------------------------------------

void connection::send(std::string_view text) {
  queue(opcode::text, text);
}

void connection::close() {
  constexpr std::string_view normal{"\x03\xE8", 2};
  queue(opcode::close, normal);
  state_ = state::closing;
}

void connection::queue(opcode code, std::string_view payload) {
  if (state_ != state::open)
    return;
  append_frame(out_, code, payload);
  if (!flush_is_due_ && !waits_to_write_) {
    flush_is_due_ = true;
    poll_.flush_later(*this);
  }
}

void connection::flush() {
  flush_is_due_ = false;
  if (fd_ < 0 || out_.empty())
    return;
  auto sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN) {
      // What the server said last may still be there to be read.
      read();
      return;
    }
    sent = 0;
  }
  out_.erase(0, static_cast<std::size_t>(sent));
  if (waits_to_write_ != !out_.empty()) {
    waits_to_write_ = !out_.empty();
    poll_.rewatch(fd_, *this, waits_to_write_ ? EPOLLIN | EPOLLOUT : EPOLLIN);
  }
}

// -- receiving ----------------------------------------------------------------

void connection::ready(std::uint32_t events) {
  if (state_ == state::connecting) {
    finish_connecting();
    return;
  }
  if ((events & EPOLLOUT) != 0)
    flush();
  if (fd_ >= 0 && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
    read();
}

void connection::read() {
  auto buffer = poll_.buffer();
  std::ranges::copy(in_, buffer.begin());
  auto room = buffer.subspan(in_.size());
  auto got = recv(fd_, room.data(), room.size(), 0);
  if (got < 0 && errno == EAGAIN)
    return;
  if (got <= 0) {
    if (state_ == state::ended)
      end({});
    else if (got == 0)
      end("the server closed the socket");
    else
      end(std::string{"the connection was lost: "} + std::strerror(errno));
    return;
  }
  poll_.update_now();
  std::string_view bytes{buffer.data(),
                         in_.size() + static_cast<std::size_t>(got)};
  if (state_ == state::upgrading) {
    std::string failure;
    auto status = take_upgrade_response(bytes, failure);
    if (status == frame_status::invalid) {
      end(failure);
      return;
    }
    if (status == frame_status::complete) {
      state_ = state::open;
      handler_.opened(*this);
    }
  }
  while (state_ == state::open || state_ == state::closing) {
    frame x;
    auto status = take_frame(bytes, x);
    if (status == frame_status::partial)
      break;
    if (status == frame_status::invalid) {
      end("the server sent an invalid or too large frame");
      return;
    }
    if (!handle(x))
      return;
  }
  in_ = bytes;
}

bool connection::handle(const frame& x) {
  switch (x.code) {
    case opcode::ping:
      queue(opcode::pong, x.payload);
      return true;
    case opcode::pong:
      return true;
    case opcode::text:
      if (!x.fin)
        break;
      handler_.received(*this, x.payload);
      return true;
    case opcode::close:
      if (state_ != state::closing) {
        end(close_text(x.payload));
        return false;
      }
      state_ = state::ended;
      return true;
    default:
      break;
  }
  end("the server sent a binary message, or one in fragments");
  return false;
}

void connection::end(std::string_view failure) {
  ::close(fd_);
  fd_ = -1;
  state_ = state::closed;
  waits_to_write_ = false;
  in_.clear();
  out_.clear();
  handler_.closed(*this, failure);
}

} // namespace flamigo::load
