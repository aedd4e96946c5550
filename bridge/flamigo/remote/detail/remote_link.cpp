#include "flamigo/remote/detail/remote_link.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/remote/remote_error.hpp"

namespace flamigo::detail {

namespace {

remote_reason token_reason(const caf::error& why) {
  return {
    .cause = remote_cause::token, .message = public_message(why), .error = why};
}

remote_reason silence() {
  return {.cause = remote_cause::lost, .message = "the server does not answer"};
}

} // namespace

remote_link::remote_link(const remote_options& options, remote_timers& clock,
                         std::function<double()> random,
                         remote_socket_maker make_socket,
                         remote_link_events& events)
  : options_(options), clock_(clock), make_socket_(std::move(make_socket)),
    events_(events), login_(options, clock, *this),
    backoff_(options, std::move(random)),
    heartbeat_(
      options, clock,
      [this] {
        // Every server answers that, and does nothing.
        return send(request_text(options_.name_space + "::websocket:cancel",
                                 R"({"ackId":"-"})", "-"));
      },
      [this] { lose(silence()); }),
    timer_(clock) {
}

remote_link::~remote_link() = default;

void remote_link::open() {
  timer_.stop();
  change(
    {.phase = remote_phase::connecting, .attempt = backoff_.attempts() + 1});
  // Before the socket: the server waits for a token no longer than it likes.
  if (auto why = login_.prepare())
    return lose(token_reason(why));
  timer_.start(options_.connect_timeout, [this] { lose(silence()); });
  longest_ = 0;
  socket_ = make_socket_(*this);
}

void remote_link::reopen() {
  login_.forget();
  backoff_.reset();
  part({.cause = remote_cause::program, .message = "the program reconnects"});
  open();
}

void remote_link::close(const remote_reason& why) {
  part(why);
  change({.phase = remote_phase::closed, .reason = why});
}

// -- remote_wire --------------------------------------------------------------

bool remote_link::send(std::string text) {
  if (!is_ready_)
    return false;
  say(std::move(text));
  return true;
}

void remote_link::say(std::string text) {
  if (!is_open_)
    return;
  longest_ = std::max(longest_, text.size());
  socket_->send(std::move(text));
}

bool remote_link::renew() {
  if (!options_.token || !is_open_)
    return false;
  // Else another one is on its way.
  if (is_ready_) {
    if (clock_.now() - *known_at_ < good)
      return false;
    backoff_.reset();
    is_ready_ = false;
    login_.begin_anew();
  }
  return true;
}

// -- remote_socket_events -----------------------------------------------------

void remote_link::opened() {
  timer_.stop();
  is_open_ = true;
  login_.begin();
}

void remote_link::heard(const std::string& text) {
  heartbeat_.heard();
  remote_frame frame;
  if (auto err = from_json(text, frame))
    return lose({.cause = remote_cause::server,
                 .code = static_cast<std::uint16_t>(close_code::protocol_error),
                 .message = "this is no Flamigo server: " + trace_of(err)});
  events_.heard(frame);
}

void remote_link::ended(std::uint16_t code, const std::string& message) {
  auto broken = code == static_cast<int>(close_code::abnormal)
                || code == static_cast<int>(close_code::no_status);
  lose({.cause = broken ? remote_cause::lost : remote_cause::server,
        .code = code,
        .message = message});
}

// -- remote_login_events ------------------------------------------------------

void remote_link::ask(remote_request what) {
  events_.ask_first(std::move(what));
}

void remote_link::showing() {
  change({.phase = remote_phase::authenticating});
}

void remote_link::known() {
  known_at_ = clock_.now();
  heartbeat_.start();
  is_ready_ = true;
  change({.phase = remote_phase::open});
  events_.ready();
}

void remote_link::failed(const caf::error& why) {
  login_.forget();
  is_ready_ = false;
  // Nobody has answered, or the connection is somebody else's.
  if (why == errc::timeout || status_of(why) == 409)
    return lose(token_reason(why));
  wait_then([this] { login_.begin(); }, token_reason(why), false);
}

// -- the end ------------------------------------------------------------------

void remote_link::lose(const remote_reason& why) {
  auto advice = advice_of(why.code, static_cast<bool>(options_.token));
  if (advice.fresh)
    login_.forget_shown();
  if (known_at_ && clock_.now() - *known_at_ >= good)
    backoff_.reset();
  if (!advice.retry)
    return close(why);
  part(why);
  wait_then([this] { open(); }, why, advice.later);
}

void remote_link::part(const remote_reason& why) {
  timer_.stop();
  heartbeat_.stop();
  login_.stop();
  is_open_ = is_ready_ = false;
  known_at_.reset();
  if (auto socket = std::exchange(socket_, nullptr))
    socket->close();
  events_.lost(why, longest_);
}

void remote_link::wait_then(std::function<void()> what,
                            const remote_reason& why, bool later) {
  auto time = backoff_.next(later);
  timer_.start(time, std::move(what));
  change({.phase = remote_phase::waiting, .reason = why, .retry_in = time});
}

void remote_link::change(remote_state to) {
  state_ = std::move(to);
  // An attempt says nothing yet of how it ends.
  if (state_.phase == remote_phase::open
      || state_.reason.cause != remote_cause::none)
    reason_ = state_.reason;
  events_.changed(state_);
}

} // namespace flamigo::detail
