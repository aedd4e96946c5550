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

// 1005 stands for a close frame without a code (RFC 6455, 7.4.1).
constexpr std::uint16_t no_code = 1005;

std::uint16_t close_code_of(std::string_view payload) {
  if (payload.size() < 2)
    return no_code;
  return static_cast<std::uint16_t>(
    (static_cast<unsigned char>(payload[0]) << 8)
    | static_cast<unsigned char>(payload[1]));
}

std::string close_text(std::string_view payload) {
  std::string result = "the server closed the connection";
  if (payload.size() < 2)
    return result;
  result += " with " + std::to_string(close_code_of(payload));
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
  paused_ = false;
  close_code_ = 0;
  failure_.clear();
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0)
    throw std::system_error{errno, std::generic_category(), "socket"};
  enable(fd_, IPPROTO_TCP, TCP_NODELAY);
  if (to_.receive_buffer > 0)
    setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &to_.receive_buffer,
               sizeof to_.receive_buffer);
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
  if (!tls_) {
    upgrade();
    return;
  }
  state_ = state::securing;
  tls_->begin(fd_);
  shake_hands();
}

void connection::shake_hands() {
  auto stage = tls_->shake_hands();
  if (stage == tls_half::stage::failed) {
    end(tls_->failure());
    return;
  }
  waits_to_write_ = stage == tls_half::stage::writing;
  if (stage == tls_half::stage::done)
    upgrade();
  else
    poll_.rewatch(fd_, *this, interest());
}

void connection::upgrade() {
  state_ = state::upgrading;
  out_.insert(0, to_.upgrade);
  poll_.rewatch(fd_, *this, interest());
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
  flush_soon();
}

void connection::send_bytes(std::string_view bytes) {
  if (state_ == state::closed)
    return;
  out_ += bytes;
  if (state_ != state::connecting)
    flush_soon();
}

void connection::flush_soon() {
  if (!flush_is_due_ && !waits_to_write_) {
    flush_is_due_ = true;
    poll_.flush_later(*this);
  }
}

void connection::flush() {
  flush_is_due_ = false;
  if (fd_ < 0 || out_.empty() || state_ == state::connecting
      || state_ == state::securing)
    return;
  auto sent = tls_ ? tls_->send(out_)
                   : ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
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
    poll_.rewatch(fd_, *this, interest());
  }
}

std::uint32_t connection::interest() const {
  return (paused_ ? 0u : EPOLLIN) | (waits_to_write_ ? EPOLLOUT : 0u);
}

// -- what no client should do -------------------------------------------------

void connection::pause() {
  paused_ = true;
  if (state_ != state::closed && state_ != state::connecting)
    poll_.rewatch(fd_, *this, interest());
}

void connection::resume() {
  paused_ = false;
  if (state_ != state::closed && state_ != state::connecting)
    poll_.rewatch(fd_, *this, interest());
}

void connection::reset() {
  if (state_ == state::closed)
    return;
  // Closed without waiting, a socket is reset.
  linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  forget();
}

// -- receiving ----------------------------------------------------------------

void connection::ready(std::uint32_t events) {
  if (state_ == state::connecting) {
    finish_connecting();
    return;
  }
  if (state_ == state::securing) {
    shake_hands();
    return;
  }
  if ((events & EPOLLOUT) != 0)
    flush();
  if (fd_ >= 0 && (events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
    read();
  while (fd_ >= 0 && tls_ && tls_->has_more())
    read();
}

void connection::read() {
  auto buffer = poll_.buffer();
  std::ranges::copy(in_, buffer.begin());
  auto room = buffer.subspan(in_.size());
  auto got = tls_ ? tls_->receive(room)
                  : recv(fd_, room.data(), room.size(), 0);
  if (got < 0 && errno == EAGAIN)
    return;
  if (got <= 0) {
    if (state_ == state::ended)
      end(failure_);
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
  // The handler may have reset it, and opened it again.
  if (fd_ >= 0 && state_ != state::connecting)
    in_ = bytes;
}

bool connection::handle(const frame& x) {
  switch (x.code) {
    case opcode::ping:
      queue(opcode::pong, x.payload);
      return true;
    case opcode::text:
      if (!x.fin)
        break;
      handler_.received(*this, x.payload);
      return true;
    case opcode::pong:
      handler_.ponged(*this, x.payload);
      return true;
    case opcode::close:
      close_code_ = close_code_of(x.payload);
      if (state_ != state::closing) {
        failure_ = close_text(x.payload);
        queue(opcode::close, x.payload.substr(0, 2));
      }
      // The server closes the socket now, which is its part.
      state_ = state::ended;
      return true;
    default:
      break;
  }
  end("the server sent a binary message, or one in fragments");
  return false;
}

void connection::forget() {
  ::close(fd_);
  fd_ = -1;
  state_ = state::closed;
  waits_to_write_ = false;
  if (tls_)
    tls_->end();
  in_.clear();
  out_.clear();
}

void connection::end(std::string_view failure) {
  forget();
  handler_.closed(*this, failure);
}

} // namespace flamigo::load
