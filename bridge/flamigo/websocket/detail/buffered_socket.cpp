#include "flamigo/websocket/detail/buffered_socket.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/error.hpp>

#include "flamigo/io/detail/socket_meter.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/server_frame.hpp"

namespace flamigo::detail {

namespace {

/// Output that waits may grow by so much of pongs.
constexpr std::size_t max_pong_bytes = 2'048;

} // namespace

buffered_socket::buffered_socket(server_core& core, io_thread& thread,
                                 stream_socket socket)
  : core_(core), thread_(thread), ticket_(core), socket_(std::move(socket)),
    backlog_(core.options.max_backlog_bytes, core.options.backlog_timeout) {
}

buffered_socket::~buffered_socket() = default;

void buffered_socket::open() {
  thread_.add(*this);
  self_ = shared_from_this();
  thread_.sockets().watch(socket_.native_handle(), *this, true, false);
}

void buffered_socket::on_ready(bool readable, bool writable) {
  auto keep = self_;
  if (core_.cutting)
    return cut();
  if (writable) {
    want_write(false);
    flush();
  }
  if (readable && is_open()) {
    if (paused_)
      // Not watched for reading, so the socket has failed.
      on_lost(net::error::connection_reset);
    else
      receive();
  }
  if (is_open() && (!output_.empty() || pong_))
    thread_.flush_first(std::move(keep));
}

// -- input --------------------------------------------------------------------

void buffered_socket::receive() {
  // What came waits still; so the socket waits, and then the peer.
  if (!wants_input())
    return pause(true);
  error_code ec;
  auto& buffer = thread_.receive_buffer();
  auto size = socket_.read_some(buffer, ec);
  if (ec == net::error::would_block)
    return;
  if (ec)
    return on_lost(ec);
  socket_meter{thread_}.received(size);
  on_input({buffer.data(), size});
  thread_.end_request();
}

void buffered_socket::resume() {
  if (paused_)
    pause(false);
}

void buffered_socket::catch_up() {
  if (writing_) {
    want_write(false);
    flush();
  }
  if (is_open() && !paused_)
    receive();
}

void buffered_socket::pause(bool wanted) {
  paused_ = wanted;
  watch();
}

void buffered_socket::want_write(bool wanted) {
  writing_ = wanted;
  watch();
}

void buffered_socket::watch() {
  thread_.sockets().watch(socket_.native_handle(), *this, !paused_, writing_);
}

// -- output -------------------------------------------------------------------

void buffered_socket::begin_output() {
  if (output_.capacity() <= std::string{}.capacity())
    output_ = thread_.borrow_output();
  thread_.flush_later(shared_from_this());
}

void buffered_socket::flush() {
  if (writing_ || !is_open())
    return;
  // While it was not sent, a later ping has taken its place.
  if (auto pong = std::exchange(pong_, nullptr))
    write_frame(frame_bits::pong, *pong);
  if (!output_.empty()) {
    error_code ec;
    send_some(ec);
    if (ec)
      return on_lost(ec);
  }
  if (room_at_ != nobody && waiting() <= room_at_) {
    room_at_ = nobody;
    on_room();
  }
  if (waiting() > 0) {
    want_write(true);
    if (backlog_.too_much())
      on_slow();
    return;
  }
  sent_ = 0;
  // It may also have gone before the end of the turn.
  if (output_.capacity() > std::string{}.capacity())
    thread_.give_back_output(std::exchange(output_, {}));
  if (std::exchange(finishing_, false))
    socket_.shut_down();
}

bool buffered_socket::has_room(std::size_t bytes) noexcept {
  auto least = backlog_guard::room_for(bytes, core_.options.max_backlog_bytes);
  if (waiting() <= least)
    return true;
  room_at_ = std::min(room_at_, least);
  return false;
}

void buffered_socket::send_some(error_code& ec) {
  auto next = finishing_ ? stream_socket::behind::end
                         : stream_socket::behind::unknown;
  auto sent = socket_.write_some(std::string_view{output_}.substr(sent_), ec,
                                 next);
  sent_ += sent;
  auto before = backlog_.waiting();
  socket_meter{thread_}.sent(sent, before, waiting());
  backlog_.sent(sent, waiting(),
                waiting() > 0 ? thread_.look_at_clock() : thread_.now());
  if (before != waiting()) [[unlikely]]
    on_waiting(waiting());
  if (sent_ > output_.size() / 2) {
    output_.erase(0, sent_);
    sent_ = 0;
  }
}

void buffered_socket::on_waiting(std::size_t) {
  // nop
}

void buffered_socket::grew() {
  socket_meter{thread_}.sent(0, backlog_.waiting(), waiting());
  backlog_.grew(waiting());
  on_waiting(waiting());
}

void buffered_socket::relieve(std::size_t before) {
  backlog_.queued(before, waiting() - before);
  // Not `flush`: an error must not end the actor that is sending just now.
  error_code ec;
  send_some(ec);
  if (backlog_.too_much())
    on_slow();
}

void buffered_socket::write_frame(std::uint8_t opcode,
                                  std::string_view payload) {
  append_frame(output(), opcode, payload);
}

void buffered_socket::answer_ping(std::string_view payload) {
  if (!pong_) {
    // Nobody has to answer each of them (RFC 6455, 5.5.3), but a client may
    // count on it as long as it takes the answers.
    if (!writing_ && waiting() < max_pong_bytes)
      return write_frame(frame_bits::pong, payload);
    pong_ = std::make_unique<std::string>();
    thread_.flush_later(shared_from_this());
  }
  pong_->assign(payload);
}

// -- the end ------------------------------------------------------------------

void buffered_socket::finish() {
  forget_ping();
  resume();
  if (output_.empty())
    socket_.shut_down();
  else
    finishing_ = true;
}

void buffered_socket::end() {
  socket_meter{thread_}.ended(backlog_.waiting());
  thread_.remove(*this);
  thread_.sockets().remove(socket_.native_handle(), *this);
  socket_.close();
  self_ = nullptr;
}

} // namespace flamigo::detail
