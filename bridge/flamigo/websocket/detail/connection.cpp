#include "flamigo/websocket/detail/connection.hpp"

#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <caf/send.hpp>

#include "flamigo/client/client_atoms.hpp"
#include "flamigo/websocket/detail/close_frame.hpp"
#include "flamigo/websocket/detail/deflater_pool.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/stream_options.hpp"
#include "flamigo/websocket/detail/upgrade_token.hpp"

namespace flamigo::detail {

// -- construction -------------------------------------------------------------

connection::connection(server_core& core, io_thread& thread,
                       stream_socket socket)
  : buffered_socket(core, thread, std::move(socket)),
    input_(reader_pool::of(thread), *this, core.options.max_message_bytes),
    heartbeat_(core.options.ping_interval, core.options.pong_timeout,
               thread.now()) {
}

connection::~connection() = default;

void connection::start(const client_environment& env, const parsed_request& req,
                       claims_ptr who, std::string_view early) {
  open();
  websocket_stream stream{thread_.context().get_executor(), &output()};
  error_code ec;
  auto agreed = answer_upgrade(stream, req, core_.options, ec);
  if (ec)
    return linger();
  if (agreed.window_bits > 0) {
    input_.inflate();
    deflater_ = agreed.has_context
                  ? std::make_shared<frame_deflater>(agreed.window_bits, true)
                  : deflater_pool::of(thread_).get(agreed.window_bits);
  }
  auto& auth = env.auth;
  feed_ = client_feed{env, &thread_, shared(), std::move(who),
                      auth ? token_of(req, auth->options.cookie)
                           : std::string{}};
  if (!early.empty())
    input_.feed(early);
}

// -- transport ----------------------------------------------------------------

void connection::send(std::string_view text) {
  if (phase_ != phase::open)
    return;
  auto before = waiting();
  if (deflater_)
    send_compressed(text);
  else
    write_frame(frame_bits::text, text);
  written(before);
}

void connection::send_compressed(std::string_view text) {
  auto laden = deflater_->is_laden();
  deflater_->append(output(), text);
  if (!laden && deflater_->is_laden())
    thread_.flush_later(deflater_);
}

void connection::hurry() {
  if (waiting() > 0)
    thread_.flush_first(shared());
}

bool connection::has_input() const {
  return input_.stashed() > 0 || has_unread();
}

bool connection::has_room(std::size_t bytes) {
  constexpr std::size_t header = 10;
  return phase_ == phase::open && buffered_socket::has_room(bytes + header);
}

void connection::close(const close_reason& why) {
  if (phase_ != phase::open)
    return;
  own_reason_ = std::make_unique<close_reason>(why);
  write_close(why);
  // The peer may take his time, but he is gone. Not from here: it may be the
  // actor that closes.
  net::post(thread_.context(), [self = shared()] {
    self->thread_.turn([&] { self->report({}); });
  });
}

// -- buffered_socket ----------------------------------------------------------

bool connection::wants_input() {
  return phase_ == phase::lingering || !input_.blocked();
}

void connection::on_input(std::string_view bytes) {
  heartbeat_.heard(thread_.now());
  if (phase_ != phase::lingering)
    input_.feed(bytes);
}

void connection::on_slow() {
  close({close_code::slow_consumer, "too many bytes wait to be sent"});
}

void connection::on_room() {
  // Others have their turn in between.
  net::post(thread_.context(), [self = shared()] {
    self->thread_.turn([&] {
      if (self->feed_)
        self->feed_.relieved();
    });
  });
}

void connection::on_lost(error_code why) {
  report(reason_of(why));
  end_socket();
}

// -- frame_input::owner -------------------------------------------------------

void connection::message(std::string_view text, bool binary) {
  if (phase_ != phase::open || core_.cutting)
    return;
  if (binary)
    close({close_code::unsupported_data,
           "binary messages are not supported, send text"});
  else
    feed_.message(text);
}

void connection::broken(error_code ec) {
  if (phase_ == phase::ended || phase_ == phase::lingering)
    return;
  auto why = reason_of(ec);
  if (phase_ == phase::open && is_close_code(why.code))
    write_close(why);
  report(why);
  linger();
}

void connection::input_wanted() {
  net::post(thread_.context(), [self = shared()] {
    self->thread_.turn([&] { self->feed_again(); });
  });
}

void connection::frames_left() {
  if (!std::exchange(patient_, true))
    thread_.when_idle(shared());
}

void connection::go_on() {
  patient_ = false;
  feed_again();
}

void connection::feed_again() {
  if (phase_ == phase::ended)
    return;
  input_.feed({});
  if (!input_.blocked() && phase_ != phase::ended)
    resume();
}

void connection::pinged(std::string_view payload) {
  if (phase_ == phase::open)
    answer_ping(payload);
}

void connection::closed(std::string_view payload) {
  auto [why, answer] = read_close(payload);
  if (phase_ == phase::open)
    write_close(answer);
  report(why);
  linger();
}

void connection::message_refused() {
  if (phase_ != phase::open)
    return;
  close({close_code::too_big,
         "message is larger than "
           + std::to_string(core_.options.max_message_bytes) + " bytes"});
}

void connection::message_corrupt() {
  close({close_code::invalid_utf8, "what was compressed cannot be read"});
}

// -- resident -----------------------------------------------------------------

void connection::tick(time_point now) {
  auto keep = shared_from_this();
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
  if (has_waited_too_long(now))
    return close({close_code::slow_consumer,
                  "what waited to be sent was not taken in time"});
  switch (heartbeat_.tick(now)) {
    case heartbeat::action::none:
      break;
    case heartbeat::action::ping:
      write_frame(frame_bits::ping, {});
      break;
    case heartbeat::action::give_up:
      close({close_code::no_pong, "no answer to a ping"});
  }
}

bool connection::is_late(time_point now) const {
  if (phase_ == phase::open)
    return has_waited_too_long(now) || heartbeat_.overdue(now);
  return now - closing_since_ >= core_.options.close_timeout;
}

void connection::drain() {
  if (feed_)
    caf::anon_send(feed_.client(), drain_atom_v);
}

void connection::cut() {
  auto keep = shared_from_this();
  if (!own_reason_)
    own_reason_ = std::make_unique<close_reason>(
      close_reason{close_code::shutting_down, "the server is shutting down"});
  end_socket();
}

// -- the end ------------------------------------------------------------------

void connection::write_close(const close_reason& why) {
  phase_ = phase::closing;
  closing_since_ = thread_.look_at_clock();
  forget_ping();
  write_frame(frame_bits::close, close_payload(why));
}

void connection::linger() {
  phase_ = phase::lingering;
  input_.stop();
  closing_since_ = thread_.look_at_clock();
  finish();
}

void connection::end_socket() {
  if (phase_ == phase::ended)
    return;
  report({close_code::abnormal, "the connection was cut"});
  phase_ = phase::ended;
  input_.stop();
  end();
}

void connection::report(const close_reason& why) {
  if (!feed_)
    return;
  auto feed = std::exchange(feed_, {});
  feed.closed(own_reason_ ? *own_reason_ : why);
}

} // namespace flamigo::detail
