#include "flamigo/websocket/detail/connection.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/websocket/option.hpp>

#include <caf/send.hpp>

#include "flamigo/client/client_atoms.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/subprotocols.hpp"
#include "flamigo/websocket/detail/upgrade_token.hpp"

namespace flamigo::detail {

namespace websocket = beast::websocket;

namespace {

constexpr std::string_view subprotocol = "flamigo.v1";

/// Output that waits may grow by so much of pongs.
constexpr std::size_t max_pong_bytes = 2'048;

/// As a `Server` header names it: no version (RFC 9110, 10.2.4).
constexpr std::string_view product = "Flamigo";

/// Of a close frame's reason (RFC 6455, 5.5).
constexpr std::size_t max_reason_bytes = 123;

/// Cuts a reason to what a close frame takes, at the end of a character.
std::string_view shorten(std::string_view text) {
  if (text.size() <= max_reason_bytes)
    return text;
  auto end = max_reason_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  return text.substr(0, end);
}

close_reason reason_of(const websocket::close_reason& frame) {
  // Beast's word for a frame without a code is 0, which is no close code.
  if (frame.code == websocket::close_code::none)
    return {close_code::no_status, {}};
  return {frame.code, std::string{frame.reason.data(), frame.reason.size()}};
}

close_reason reason_of(error_code ec) {
  if (ec == websocket::error::bad_frame_payload)
    return {close_code::invalid_utf8, "invalid UTF-8"};
  if (ec == websocket::condition::protocol_violation)
    return {close_code::protocol_error, ec.message()};
  if (ec == net::error::eof)
    return {close_code::abnormal, "the peer closed the connection"};
  return {close_code::abnormal, ec.message()};
}

bool offers_subprotocol(const parsed_request& req) {
  bool result = false;
  for_each_subprotocol(req, [&](std::string_view offer) {
    result = result || offer == subprotocol;
  });
  return result;
}

} // namespace

// -- construction -------------------------------------------------------------

connection::connection(server_core& core, io_thread& thread,
                       stream_socket socket)
  : core_(core), thread_(thread), ticket_(core), socket_(std::move(socket)),
    ws_(thread.context().get_executor(), *this, core.options.max_message_bytes),
    heartbeat_(core.options.ping_interval, core.options.pong_timeout,
               thread.now()),
    backlog_(core.options.max_backlog_bytes, core.options.backlog_timeout) {
}

connection::~connection() = default;

void connection::start(const client_environment& env, const parsed_request& req,
                       claims_ptr who, std::string_view early) {
  // Times and sizes are limited here; Beast's own limits have no close codes of
  // ours.
  ws_.set_option(websocket::stream_base::timeout{
    websocket::stream_base::none(), websocket::stream_base::none(), false});
  ws_.read_message_max(0);
  ws_.auto_fragment(false);
  ws_.text(true);
  if (core_.options.compression) {
    websocket::permessage_deflate deflate;
    deflate.server_enable = true;
    ws_.set_option(deflate);
  }
  ws_.set_option(websocket::stream_base::decorator(
    [offered = offers_subprotocol(req)](websocket::response_type& res) {
      // Or else Beast puts its own name and version there.
      res.set(beast::http::field::server, product);
      if (offered)
        res.set(beast::http::field::sec_websocket_protocol, subprotocol);
    }));
  ws_.control_callback([this](websocket::frame_type kind, auto) {
    if (kind == websocket::frame_type::close)
      peer_closed_ = true;
  });
  thread_.add(*this);
  is_resident_ = true;
  self_ = shared_from_this();
  thread_.sockets().watch(socket_.native_handle(), *this, true, false);
  error_code ec;
  ws_.accept(req, ec);
  if (ec) {
    // Beast has answered with the HTTP status that says why.
    phase_ = phase::lingering;
    closing_since_ = thread_.look_at_clock();
    return;
  }
  auto& auth = env.auth;
  feed_ = client_feed{env, &thread_, shared_from_this(), std::move(who),
                      auth ? token_of(req, auth->options.cookie)
                           : std::string{}};
  if (core_.draining)
    drain();
  read_frame();
  if (!early.empty())
    layer().feed(early);
}

// -- transport ----------------------------------------------------------------

void connection::send(std::string_view text) {
  if (phase_ != phase::open)
    return;
  error_code ec;
  auto before = waiting();
  ws_.write(net::buffer(text.data(), text.size()), ec);
  if (waiting() > core_.options.max_backlog_bytes) {
    backlog_.queued(before, waiting() - before);
    // Not `flush`: an error must not end the actor that is sending just now.
    send_some(ec);
    close_if_slow();
  }
}

bool connection::has_input() const {
  return ws_.next_layer().stashed() > 0 || socket_.readable();
}

void connection::close(const close_reason& why) {
  if (phase_ != phase::open)
    return;
  phase_ = phase::closing;
  own_reason_ = std::make_unique<close_reason>(why);
  closing_since_ = thread_.look_at_clock();
  websocket::close_reason reason{why.code};
  auto text = shorten(why.reason);
  reason.reason.assign(text.data(), text.size());
  // The pending read ends when the peer has answered.
  ws_.async_close(reason, [](error_code) {});
}

// -- the socket ---------------------------------------------------------------

void connection::on_ready(bool readable, bool writable) {
  auto keep = self_;
  if (core_.cutting)
    return cut();
  if (writable) {
    want_write(false);
    flush();
  }
  if (readable && phase_ != phase::ended) {
    if (paused_)
      // Not watched for reading, so the socket has failed.
      lost(net::error::connection_reset);
    else
      receive();
  }
  if (phase_ != phase::ended && (!layer().output().empty() || pong_))
    thread_.flush_first(std::move(keep));
}

void connection::receive() {
  // What came waits still; so the socket waits, and then the peer.
  if (layer().blocked() && phase_ != phase::lingering)
    return pause(true);
  error_code ec;
  auto& buffer = thread_.receive_buffer();
  auto size = socket_.read_some(buffer, ec);
  if (ec == net::error::would_block)
    return;
  if (ec)
    return lost(ec);
  heartbeat_.heard(thread_.now());
  if (phase_ != phase::lingering)
    layer().feed({buffer.data(), size});
}

void connection::pause(bool wanted) {
  paused_ = wanted;
  watch();
}

void connection::want_write(bool wanted) {
  writing_ = wanted;
  watch();
}

void connection::watch() {
  thread_.sockets().watch(socket_.native_handle(), *this, !paused_, writing_);
}

void connection::flush() {
  if (writing_ || phase_ == phase::ended)
    return;
  if (pong_)
    send_pong();
  auto& output = layer().output();
  if (!output.empty()) {
    error_code ec;
    send_some(ec);
    if (ec)
      return lost(ec);
  }
  if (waiting() > 0) {
    want_write(true);
    return close_if_slow();
  }
  sent_ = 0;
  // It may also have gone before the end of the turn.
  if (output.capacity() > std::string{}.capacity())
    thread_.give_back_output(std::exchange(output, {}));
  if (phase_ == phase::lingering)
    socket_.shut_down();
}

void connection::send_pong() {
  // While it was not sent, a later ping has taken its place.
  auto pong = std::exchange(pong_, nullptr);
  if (phase_ == phase::open && !peer_closed_)
    layer().write_control(frame_bits::pong, *pong);
}

void connection::close_if_slow() {
  if (backlog_.too_much())
    close({close_code::slow_consumer, "too many bytes wait to be sent"});
}

void connection::send_some(error_code& ec) {
  auto& output = layer().output();
  auto sent = socket_.write_some(std::string_view{output}.substr(sent_), ec);
  sent_ += sent;
  backlog_.sent(sent, waiting(),
                waiting() > 0 ? thread_.look_at_clock() : thread_.now());
  if (sent_ > output.size() / 2) {
    output.erase(0, sent_);
    sent_ = 0;
  }
}

void connection::lost(error_code ec) {
  layer().fail(ec);
  // In case that no read was pending, which would have told the actor.
  report(reason_for(ec));
  end_socket();
}

void connection::end_socket() {
  if (phase_ == phase::ended)
    return;
  report({close_code::abnormal, "the connection was cut"});
  phase_ = phase::ended;
  layer().fail(net::error::operation_aborted);
  if (is_resident_) {
    thread_.remove(*this);
    is_resident_ = false;
  }
  thread_.sockets().forget(*this);
  socket_.close();
  self_ = nullptr;
}

// -- the stream ---------------------------------------------------------------

void connection::read_frame() {
  auto& buffer = thread_.message_buffer();
  // What waits inside the stream must not keep alive what the stream is part
  // of: Beast may hold an operation back for good once the peer is gone.
  ws_.async_read_some(net::buffer(buffer), [weak = weak_from_this()](
                                             error_code ec, std::size_t size) {
    if (auto self = weak.lock())
      self->on_frame(ec, size);
  });
}

void connection::on_frame(error_code ec, std::size_t size) {
  if (ec)
    return on_stream_end(ec);
  auto data = thread_.message_buffer().data();
  if (!partial_.empty() || !ws_.is_message_done()) {
    partial_.append(data, size);
    // Only a compressed message can be larger than its frames.
    if (partial_.size() > core_.options.max_message_bytes)
      message_refused();
    if (ws_.is_message_done()) {
      auto message = std::move(partial_);
      partial_.clear();
      on_message(message);
    }
  } else {
    on_message({data, size});
  }
  if (phase_ == phase::open || phase_ == phase::closing)
    read_frame();
}

void connection::on_message(std::string_view text) {
  if (phase_ != phase::open || core_.cutting)
    return;
  if (ws_.got_binary())
    close({close_code::unsupported_data,
           "binary messages are not supported, send text"});
  else
    feed_.message(text);
}

void connection::on_stream_end(error_code ec) {
  if (phase_ == phase::ended || phase_ == phase::lingering)
    return;
  report(reason_for(ec));
  phase_ = phase::lingering;
  closing_since_ = thread_.look_at_clock();
  if (paused_)
    pause(false);
  // The answer to a close frame, or Beast's own one, may still have to go.
  if (layer().output().empty())
    socket_.shut_down();
}

// -- resident -----------------------------------------------------------------

void connection::tick(time_point now) {
  auto keep = self_;
  // It may be us who are late: what the peer has done meanwhile counts.
  if (is_late(now))
    catch_up();
  if (phase_ == phase::ended)
    return;
  if (phase_ != phase::open) {
    if (is_late(now))
      end_socket();
    return;
  }
  if (backlog_.too_long(now))
    return close({close_code::slow_consumer,
                  "what waited to be sent was not taken in time"});
  switch (heartbeat_.tick(now)) {
    case heartbeat::action::none:
      break;
    case heartbeat::action::ping:
      if (!peer_closed_)
        layer().write_control(frame_bits::ping, {});
      break;
    case heartbeat::action::give_up:
      close({close_code::no_pong, "no answer to a ping"});
  }
}

bool connection::is_late(time_point now) const {
  if (phase_ == phase::open)
    return backlog_.too_long(now) || heartbeat_.overdue(now);
  return now - closing_since_ >= core_.options.close_timeout;
}

void connection::catch_up() {
  if (writing_) {
    want_write(false);
    flush();
  }
  if (phase_ != phase::ended && !paused_)
    receive();
}

void connection::drain() {
  if (feed_)
    caf::anon_send(feed_.client(), drain_atom_v);
}

void connection::cut() {
  auto keep = self_;
  if (!own_reason_)
    own_reason_ = std::make_unique<close_reason>(
      close_reason{close_code::shutting_down, "the server is shutting down"});
  end_socket();
}

// -- buffered_layer::owner ----------------------------------------------------

void connection::output_ready() {
  if (layer().output().capacity() <= std::string{}.capacity())
    layer().output() = thread_.borrow_output();
  thread_.flush_later(shared_from_this());
}

void connection::input_wanted() {
  net::post(thread_.context(), [self = shared_from_this()] {
    self->thread_.turn([&] { self->feed_again(); });
  });
}

void connection::frames_left() {
  if (!std::exchange(patient_, true))
    thread_.when_idle(shared_from_this());
}

void connection::go_on() {
  patient_ = false;
  feed_again();
}

void connection::feed_again() {
  if (phase_ == phase::ended)
    return;
  layer().feed({});
  if (paused_ && !layer().blocked() && phase_ != phase::ended)
    pause(false);
}

void connection::pinged(std::string_view payload) {
  // Nothing is said behind a close frame, whoever sent it (RFC 6455, 5.5.2).
  if (phase_ != phase::open || peer_closed_)
    return;
  if (!pong_) {
    // Nobody has to answer each of them (RFC 6455, 5.5.3), but a client may
    // count on it as long as it takes the answers.
    if (!writing_ && waiting() < max_pong_bytes)
      return layer().write_control(frame_bits::pong, payload);
    pong_ = std::make_unique<std::string>();
    thread_.flush_later(shared_from_this());
  }
  pong_->assign(payload);
}

void connection::message_refused() {
  close({close_code::too_big,
         "message is larger than "
           + std::to_string(core_.options.max_message_bytes) + " bytes"});
}

close_reason connection::reason_for(error_code ec) const {
  return peer_closed_ ? reason_of(ws_.reason()) : reason_of(ec);
}

void connection::report(const close_reason& why) {
  if (!feed_)
    return;
  auto feed = std::exchange(feed_, {});
  feed.closed(own_reason_ ? *own_reason_ : why);
}

} // namespace flamigo::detail
