#include "flamigo/engineio/detail/engine_session.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "flamigo/engineio/detail/engine_service.hpp"
#include "flamigo/engineio/detail/held_poll.hpp"
#include "flamigo/io/detail/backlog_guard.hpp"
#include "flamigo/io/detail/utf8.hpp"

namespace flamigo::detail {

namespace {

std::string interval_text(caf::timespan x) {
  using std::chrono::milliseconds;
  return std::to_string(std::chrono::duration_cast<milliseconds>(x).count());
}

} // namespace

engine_session::engine_session(engine_core& core, io_thread& thread,
                               std::string sid, claims who, std::string token,
                               std::string traceparent)
  : core_(core), thread_(thread), ticket_(core.server), sid_(std::move(sid)),
    who_(std::move(who)), token_(std::move(token)),
    traceparent_(std::move(traceparent)) {
}

engine_session::~engine_session() = default;

void engine_session::owner::waits(std::size_t) noexcept {
  // nop
}

void engine_session::owner::tick(time_point) {
  // nop
}

// -- for whoever speaks above it ----------------------------------------------

void engine_session::send(std::string_view head, std::string_view rest,
                          std::string_view tail) {
  if (state_ != state::open)
    return;
  if (socket_)
    return socket_->send_message(head, rest, tail);
  std::string text;
  text.reserve(head.size() + rest.size() + tail.size());
  queue({engine_kind::message, text.append(head).append(rest).append(tail)});
}

void engine_session::send_binary(std::string_view bytes) {
  if (state_ != state::open)
    return;
  if (socket_)
    socket_->send_binary(bytes);
  else
    queue({engine_kind::binary, std::string{bytes}});
}

void engine_session::hurry() {
  if (socket_)
    socket_->hurry();
}

bool engine_session::has_room(std::size_t bytes) {
  if (socket_)
    return socket_->has_room(bytes + 1);
  auto most = core_.server.options.max_backlog_bytes;
  auto fits = waiting_.bytes() <= backlog_guard::room_for(bytes, most);
  if (!fits)
    wants_room_ = true;
  return state_ == state::open && fits;
}

bool engine_session::has_input() const {
  return socket_ && socket_->has_input();
}

void engine_session::end(const close_reason& why) {
  if (state_ != state::open)
    return;
  state_ = state::closing;
  closing_since_ = thread_.look_at_clock();
  if (socket_)
    socket_->close(why);
  else
    flush_soon();
  later([why](engine_session& self) {
    self.report(why);
    if (self.socket_)
      self.finish();
  });
}

// -- for the endpoint ---------------------------------------------------------

void engine_session::begin(std::shared_ptr<held_poll> handshake,
                           address_ticket counted) {
  counted_ = std::move(counted);
  poll_ = std::move(handshake);
  queue({engine_kind::open, opening(R"("websocket")")});
  live();
}

void engine_session::begin(stream_socket socket, const parsed_request& req,
                           std::string_view early) {
  socket_ = std::make_shared<engine_socket>(core_.server, thread_,
                                            std::move(socket));
  ticket_.reset();
  auto socket_then = socket_;
  auto answered = socket_->start(req);
  if (answered)
    socket_->send("0" + opening({}));
  live();
  if (!answered)
    return fail({close_code::abnormal, "the upgrade has failed"},
                engine_kind::close);
  socket_then->read_for({shared_from_this(), this}, early);
}

void engine_session::live() {
  thread_.add(*this);
  due_ = thread_.look_at_clock() + core_.options.ping_interval;
  core_.sessions.add(shared_from_this());
  owner_ = core_.service.accept(shared_from_this());
  if (!owner_)
    end({close_code::normal, {}});
}

std::string engine_session::opening(std::string_view upgrades) const {
  return R"({"sid":")" + sid_ + R"(","upgrades":[)" + std::string{upgrades}
         + R"(],"pingInterval":)" + interval_text(core_.options.ping_interval)
         + R"(,"pingTimeout":)" + interval_text(core_.options.ping_timeout)
         + R"(,"maxPayload":)"
         + std::to_string(core_.server.options.max_message_bytes) + "}";
}

void engine_session::poll(std::shared_ptr<held_poll> from) {
  if (state_ == state::open && is_overdue(thread_.look_at_clock()))
    give_up();
  if (state_ == state::ended)
    return from->refuse(engine_error::unknown_session);
  if (socket_)
    return from->refuse(engine_error::bad_request);
  if (poll_) {
    from->refuse(engine_error::bad_request);
    return fail({close_code::protocol_error, "two polls at the same time"},
                engine_kind::close);
  }
  poll_ = std::move(from);
  // While it upgrades, no poll is held: the client may be waiting for its end,
  // and may not have been told why.
  if (!waiting_.empty() || upgrading_ || state_ == state::closing)
    flush_soon();
}

void engine_session::post(held_poll& from, std::string_view body) {
  if (state_ == state::ended)
    return from.refuse(engine_error::unknown_session);
  if (socket_)
    return from.refuse(engine_error::bad_request);
  if (state_ == state::closing)
    return from.say_ok();
  auto packets = read_payload(body);
  auto good = packets && is_utf8(body);
  if (good)
    for (auto& x : *packets)
      good = good && (state_ != state::open || handle(x.kind, x.data));
  if (good)
    return from.say_ok();
  from.refuse(engine_error::bad_request);
  fail({close_code::protocol_error, "a packet that is none"},
       engine_kind::close);
}

void engine_session::poll_lost() {
  if (!socket_)
    fail({close_code::abnormal, "the client has gone"}, engine_kind::close);
}

void engine_session::adopt(stream_socket socket, const parsed_request& req,
                           std::string_view early) {
  if (core_.server.cutting)
    return;
  auto next = std::make_shared<engine_socket>(core_.server, thread_,
                                              std::move(socket));
  if (!next->start(req))
    return;
  if (state_ != state::open || socket_ || probe_) {
    next->read_for(nullptr, {});
    return next->close({close_code::protocol_error,
                        "there is no session to upgrade, or it has been"});
  }
  probe_ = next;
  probe_since_ = thread_.look_at_clock();
  next->read_for({shared_from_this(), this}, early);
}

// -- engine_socket::user ------------------------------------------------------

void engine_session::came(engine_socket& from, std::string_view what,
                          bool binary) {
  if (state_ == state::ended)
    return;
  if (&from == probe_.get())
    return handle_probe(binary ? std::string_view{} : what);
  if (state_ == state::closing)
    return;
  if (binary) {
    owner_->binary(what);
    return;
  }
  auto good = false;
  if (what.starts_with('b')) {
    auto packet = read_packet(what);
    good = packet && handle(packet->kind, packet->data);
  } else if (!what.empty()) {
    good = handle(static_cast<engine_kind>(what[0]), what.substr(1));
  }
  if (!good)
    fail({close_code::protocol_error, "a packet that is none"},
         engine_kind::close);
}

void engine_session::relieved(engine_socket& which) {
  if (&which == socket_.get() && owner_)
    owner_->relieved();
}

void engine_session::waits(engine_socket& which, std::size_t bytes) noexcept {
  if (&which == socket_.get() && owner_)
    owner_->waits(bytes);
}

void engine_session::gone(engine_socket& which, const close_reason& why) {
  if (&which == probe_.get()) {
    probe_ = nullptr;
    upgrading_ = false;
  } else if (&which == socket_.get()) {
    report(why);
    finish();
  }
}

// -- packets ------------------------------------------------------------------

bool engine_session::handle(engine_kind kind, std::string_view data) {
  switch (kind) {
    case engine_kind::message:
      owner_->text(data);
      return true;
    case engine_kind::binary:
      owner_->binary(data);
      return true;
    case engine_kind::pong:
      heard();
      return true;
    case engine_kind::close:
      fail({close_code::normal, {}}, engine_kind::noop);
      return true;
    default:
      return false;
  }
}

void engine_session::handle_probe(std::string_view packet) {
  if (packet == "2probe") {
    probe_->send("3probe");
    upgrading_ = true;
    if (poll_)
      flush_soon();
  } else if (packet == "5" && upgrading_) {
    upgrade();
  } else {
    auto socket = std::exchange(probe_, nullptr);
    upgrading_ = false;
    socket->close({close_code::protocol_error, "this is no upgrade"});
  }
}

void engine_session::upgrade() {
  socket_ = std::exchange(probe_, nullptr);
  upgrading_ = false;
  ticket_.reset();
  counted_ = {};
  // The client waits for no poll any more.
  if (auto last = std::exchange(poll_, nullptr))
    last->say("6", false);
  for (auto& x : waiting_.take())
    if (x.kind == engine_kind::binary)
      socket_->send_binary(x.data);
    else
      socket_->send(static_cast<char>(x.kind) + x.data);
  if (state_ != state::open) {
    // It has ended meanwhile, or does so just now.
    socket_->close({close_code::going_away, "the session has ended"});
    return finish();
  }
  owner_->upgraded();
  make_room();
}

void engine_session::queue(engine_packet what) {
  auto most = core_.server.options.max_backlog_bytes;
  // One that is larger by itself is allowed to be.
  if (!waiting_.empty() && waiting_.bytes() + what.data.size() > most) {
    waiting_.take();
    return end({close_code::slow_consumer, "too many bytes wait to be polled"});
  }
  waiting_.add(std::move(what));
  flush_soon();
}

void engine_session::flush_soon() {
  if (poll_ && !std::exchange(flushing_, true))
    thread_.flush_later({shared_from_this(), this});
}

void engine_session::flush() {
  flushing_ = false;
  if (!poll_)
    return;
  if (!waiting_.empty()) {
    std::exchange(poll_, nullptr)->say(waiting_.take_payload(), true);
  } else if (state_ == state::closing) {
    // Alone: what stands before it in the same payload, stock clients hand to
    // the page after it.
    std::exchange(poll_, nullptr)->say("1", false);
    return later([](engine_session& self) { self.finish(); });
  } else if (upgrading_) {
    std::exchange(poll_, nullptr)->say("6", true);
  }
  make_room();
}

void engine_session::make_room() {
  if (std::exchange(wants_room_, false))
    later([](engine_session& self) {
      if (self.owner_)
        self.owner_->relieved();
    });
}

// -- resident, time -----------------------------------------------------------

void engine_session::tick(time_point now) {
  if (state_ == state::closing && !socket_
      && now - closing_since_ >= patience())
    return finish();
  if (state_ != state::open)
    return;
  owner_->tick(now);
  if (state_ != state::open)
    return;
  if (probe_ && now - probe_since_ >= core_.options.upgrade_timeout) {
    auto socket = std::exchange(probe_, nullptr);
    upgrading_ = false;
    socket->close({close_code::protocol_error, "the upgrade took too long"});
  }
  if (pinged_) {
    // Not from here: what the client has done meanwhile counts.
    if (is_overdue(now))
      later([](engine_session& self) { self.give_up(); });
  } else if (now >= due_) {
    pinged_ = true;
    // It may be us who are late: the client has its time all the same.
    constexpr auto precision = std::chrono::milliseconds{50};
    if (now - due_ > precision)
      due_ = now;
    if (socket_)
      socket_->send("2");
    else
      queue({engine_kind::ping});
  }
}

caf::timespan engine_session::patience() const {
  auto usual = core_.server.options.close_timeout;
  // Who polls by a new connection each time finds nobody any more.
  constexpr auto draining = caf::timespan{std::chrono::seconds{1}};
  return core_.server.draining ? std::min(usual, draining) : usual;
}

void engine_session::heard() {
  pinged_ = false;
  due_ = thread_.look_at_clock() + core_.options.ping_interval;
}

bool engine_session::is_overdue(time_point now) const {
  return pinged_ ? now >= due_ + core_.options.ping_timeout
                 : now >= due_ + core_.options.ping_timeout
                            + core_.options.ping_interval;
}

void engine_session::give_up() {
  if (auto socket = socket_)
    socket->look();
  if (state_ == state::open && is_overdue(thread_.look_at_clock()))
    fail({close_code::no_pong, "no answer to a ping"}, engine_kind::close);
}

void engine_session::drain() {
  if (owner_ && state_ == state::open)
    owner_->draining();
}

void engine_session::cut() {
  if (state_ == state::ended)
    return;
  report({close_code::shutting_down, "the server is shutting down"});
  finish();
}

// -- the end ------------------------------------------------------------------

void engine_session::fail(const close_reason& why, engine_kind to_poll) {
  if (state_ == state::ended)
    return;
  if (socket_)
    socket_->close(why);
  if (auto last = std::exchange(poll_, nullptr))
    last->say(std::string(1, static_cast<char>(to_poll)), false);
  report(why);
  finish();
}

void engine_session::report(const close_reason& why) {
  if (auto who = std::exchange(owner_, nullptr))
    who->ended(why);
}

void engine_session::finish() {
  if (std::exchange(state_, state::ended) == state::ended)
    return;
  auto self = shared_from_this();
  core_.sessions.remove(*this);
  if (auto socket = std::exchange(probe_, nullptr))
    socket->close({close_code::going_away, "the session has ended"});
  if (auto last = std::exchange(poll_, nullptr))
    last->refuse(engine_error::unknown_session);
  waiting_.take();
  // Somebody may be going through the residents just now.
  later([](engine_session& x) {
    x.thread_.remove(x);
    x.socket_ = nullptr;
    x.ticket_.reset();
    x.counted_ = {};
  });
}

} // namespace flamigo::detail
