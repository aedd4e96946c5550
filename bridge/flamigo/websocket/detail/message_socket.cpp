#include "flamigo/websocket/detail/message_socket.hpp"

#include <utility>

#include <boost/asio/error.hpp>

#include "flamigo/websocket/detail/close_frame.hpp"
#include "flamigo/websocket/detail/deflater_pool.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/server_frame.hpp"
#include "flamigo/websocket/detail/stream_options.hpp"

namespace flamigo::detail {

// -- construction -------------------------------------------------------------

message_socket::message_socket(server_core& core, io_thread& thread,
                               stream_socket socket)
  : buffered_socket(core, thread, std::move(socket)),
    input_(reader_pool::of(thread), *this, core.options.max_message_bytes) {
}

message_socket::~message_socket() = default;

bool message_socket::answer(const parsed_request& req) {
  open();
  websocket_stream stream{thread_.context().get_executor(), &output()};
  error_code ec;
  auto agreed = answer_upgrade(stream, req, core_.options, ec);
  if (ec) {
    linger();
    return false;
  }
  if (agreed.window_bits > 0) {
    input_.inflate();
    deflater_ = agreed.has_context
                  ? std::make_shared<frame_deflater>(agreed.window_bits, true)
                  : deflater_pool::of(thread_).get(agreed.window_bits);
  }
  return true;
}

void message_socket::begin(std::string_view early) {
  reported_ = false;
  if (!early.empty())
    input_.feed(early);
}

// -- for whoever speaks over it -----------------------------------------------

void message_socket::send(std::string_view text) {
  if (phase_ != phase::open)
    return;
  auto before = waiting();
  if (deflater_)
    send_compressed(text);
  else
    write_frame(frame_bits::text, text);
  written(before);
}

void message_socket::send_parts(std::initializer_list<std::string_view> parts) {
  if (phase_ != phase::open)
    return;
  if (deflater_) {
    std::string text;
    for (auto x : parts)
      text.append(x);
    return send(text);
  }
  auto before = waiting();
  append_frame(output(), frame_bits::text, parts);
  written(before);
}

void message_socket::send_binary(std::string_view bytes) {
  if (phase_ != phase::open)
    return;
  auto before = waiting();
  write_frame(frame_bits::binary, bytes);
  written(before);
}

void message_socket::send_compressed(std::string_view text) {
  auto laden = deflater_->is_laden();
  deflater_->append(output(), text);
  if (!laden && deflater_->is_laden())
    thread_.flush_later(deflater_);
}

void message_socket::hurry() {
  if (waiting() > 0)
    thread_.flush_first(shared());
}

bool message_socket::has_input() const {
  return input_.stashed() > 0 || has_unread();
}

bool message_socket::has_room(std::size_t bytes) {
  constexpr std::size_t header = 10;
  return phase_ == phase::open && buffered_socket::has_room(bytes + header);
}

void message_socket::close(const close_reason& why) {
  if (phase_ != phase::open)
    return;
  own_reason_ = std::make_unique<close_reason>(why);
  write_close(why);
  // The peer may take his time, but he is gone. Not from here: it may be the
  // actor that closes.
  thread_.call_later([self = shared()] { self->report({}); });
}

// -- buffered_socket ----------------------------------------------------------

bool message_socket::wants_input() {
  return phase_ == phase::lingering || !input_.blocked();
}

void message_socket::on_input(std::string_view bytes) {
  on_heard(thread_.now());
  if (phase_ != phase::lingering)
    input_.feed(bytes);
}

void message_socket::on_slow() {
  close({close_code::slow_consumer, "too many bytes wait to be sent"});
}

void message_socket::on_room() {
  // Others have their turn in between.
  thread_.call_later([self = shared()] {
    if (!self->reported_)
      self->on_relieved();
  });
}

void message_socket::on_lost(error_code why) {
  report(reason_of(why));
  end_socket();
}

// -- frame_input::owner -------------------------------------------------------

void message_socket::message(std::string_view text, bool binary) {
  if (phase_ != phase::open || core_.cutting)
    return;
  on_message(text, binary);
}

void message_socket::broken(error_code ec) {
  if (phase_ == phase::ended || phase_ == phase::lingering)
    return;
  auto why = reason_of(ec);
  if (phase_ == phase::open && is_close_code(why.code))
    write_close(why);
  report(why);
  linger();
}

void message_socket::input_wanted() {
  thread_.call_later([self = shared()] { self->feed_again(); });
}

void message_socket::frames_left() {
  if (!std::exchange(patient_, true))
    thread_.when_idle(shared());
}

void message_socket::go_on() {
  patient_ = false;
  feed_again();
}

void message_socket::feed_again() {
  if (phase_ == phase::ended)
    return;
  input_.feed({});
  if (!input_.blocked() && phase_ != phase::ended)
    resume();
}

void message_socket::pinged(std::string_view payload) {
  if (phase_ == phase::open)
    answer_ping(payload);
}

void message_socket::closed(std::string_view payload) {
  auto [why, answer] = read_close(payload);
  if (phase_ == phase::open)
    write_close(answer);
  report(why);
  linger();
}

void message_socket::message_refused() {
  if (phase_ != phase::open)
    return;
  close({close_code::too_big,
         "message is larger than "
           + std::to_string(core_.options.max_message_bytes) + " bytes"});
}

void message_socket::message_corrupt() {
  close({close_code::invalid_utf8, "what was compressed cannot be read"});
}

// -- resident -----------------------------------------------------------------

void message_socket::tick(time_point now) {
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
  on_tick(now);
}

bool message_socket::is_late(time_point now) const {
  if (phase_ == phase::open)
    return has_waited_too_long(now) || is_overdue(now);
  return now - closing_since_ >= core_.options.close_timeout;
}

void message_socket::on_heard(time_point) {
  // nop
}

bool message_socket::is_overdue(time_point) const {
  return false;
}

void message_socket::on_tick(time_point) {
  // nop
}

void message_socket::cut() {
  auto keep = shared_from_this();
  if (!own_reason_)
    own_reason_ = std::make_unique<close_reason>(
      close_reason{close_code::shutting_down, "the server is shutting down"});
  end_socket();
}

// -- the end ------------------------------------------------------------------

void message_socket::write_close(const close_reason& why) {
  phase_ = phase::closing;
  closing_since_ = thread_.look_at_clock();
  forget_ping();
  write_frame(frame_bits::close, close_payload(why));
}

void message_socket::linger() {
  phase_ = phase::lingering;
  input_.stop();
  closing_since_ = thread_.look_at_clock();
  finish();
}

void message_socket::end_socket() {
  if (phase_ == phase::ended)
    return;
  report({close_code::abnormal, "the connection was cut"});
  phase_ = phase::ended;
  input_.stop();
  end();
}

void message_socket::report(const close_reason& why) {
  if (!std::exchange(reported_, true))
    on_ended(own_reason_ ? *own_reason_ : why);
}

} // namespace flamigo::detail
