#include "flamigo/http/detail/session.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/bearer_token.hpp"
#include "flamigo/http/detail/cross_origin.hpp"
#include "flamigo/http/detail/endpoint.hpp"
#include "flamigo/http/detail/held_file.hpp"
#include "flamigo/http/detail/held_task.hpp"
#include "flamigo/http/detail/host_check.hpp"
#include "flamigo/http/detail/http_task_handler.hpp"
#include "flamigo/http/detail/request_claims.hpp"
#include "flamigo/http/detail/request_target.hpp"
#include "flamigo/http/detail/secure_redirect.hpp"
#include "flamigo/http/detail/traceparent.hpp"
#include "flamigo/io/detail/socket_meter.hpp"
#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/metrics/detail/metric.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// Of what a client sends that was refused, or has got its last response.
constexpr std::size_t max_dropped_bytes = 4u << 20;

/// For the coroutine, which has the same limit, to answer by itself.
constexpr std::chrono::seconds grace{1};

resident::time_point later(resident::time_point now, caf::timespan limit) {
  return limit < resident::time_point::max() - now - grace
           ? now + limit + grace
           : resident::time_point::max();
}

/// One of a body that comes in pieces (RFC 9112, 7.1).
void append_chunk(std::string& out, std::string_view data) {
  char size[16];
  auto end = std::to_chars(size, size + sizeof(size), data.size(), 16).ptr;
  out.append(size, end).append("\r\n").append(data).append("\r\n");
}

constexpr std::string_view last_chunk = "0\r\n\r\n";

endpoint* endpoint_at(const server_core& core, std::string_view path) {
  for (auto& [where, what] : core.endpoints)
    if (where == path)
      return what;
  return nullptr;
}

/// What a refusal of a client was about.
handshake_refusal why_refused(const http_reply& what, const server_core& core) {
  switch (what.result()) {
    case http::status::misdirected_request:
      return handshake_refusal::host;
    case http::status::forbidden:
      return handshake_refusal::origin;
    case http::status::too_many_requests:
      return handshake_refusal::capacity;
    case http::status::service_unavailable:
      return core.draining ? handshake_refusal::draining
                           : handshake_refusal::capacity;
    default:
      return handshake_refusal::request;
  }
}

} // namespace

session::session(server_core& core, io_thread& thread, request_runner& runner,
                 stream_socket socket, request_peer peer)
  : core_(core), thread_(thread), runner_(runner), ticket_(core),
    socket_(std::move(socket)), peer_(std::move(peer)),
    reader_(core.options.max_header_bytes,
            [this](const parsed_request& req) { return body_limit(req); }),
    // One that comes as a whole is as large as its handler makes it.
    backlog_(core.options.max_backlog_bytes, core.options.backlog_timeout) {
}

session::~session() = default;

void session::start(std::optional<http_reply> refusal) {
  socket_meter{thread_}.accepted();
  thread_.add(*this);
  self_ = shared_from_this();
  await_request();
  error_code ec;
  thread_.sockets().add(socket_.native_handle(), *this, ec);
  if (ec)
    return end();
  if (!refusal && core_.open > core_.options.max_connections)
    refusal = too_many_connections();
  if (refusal) {
    socket_meter{thread_}.refused(handshake_refusal::capacity);
    respond(std::move(*refusal));
  }
  // A request may have come with the end of a handshake, and then nothing more
  // makes the socket ready.
  if (self_ && socket_.is_secure())
    on_ready(true, false);
}

// -- resident, watcher, flushable ---------------------------------------------

void session::tick(time_point now) {
  if (!is_late(now)) {
    if (auto what = held_)
      what->tick(now);
    return;
  }
  if (held_ && !blocked_) {
    // Its own limit has come before, unless something holds up its actor.
    return held_->expire();
  }
  // It may be us who are late: what the client has done meanwhile counts. And a
  // socket takes something long before it is said to be writable.
  auto keep = self_;
  if (blocked_) {
    send();
    serve();
  }
  while (self_ && !blocked_ && is_late(now) && receive())
    ;
  if (self_ && is_late(now))
    end();
}

bool session::is_late(time_point now) const {
  if (blocked_)
    return backlog_.too_long(now);
  if (held_)
    return !late_ && now >= deadline_;
  return now >= deadline_
         || (now >= quiet_until_ && !lingering_ && !reader_.has_begun());
}

void session::drain() {
  // A proxy may just be sending a request, which it will not repeat: so the
  // client is told with a response, or else after some time of silence.
  quiet_until_ = thread_.look_at_clock() + core_.options.drain_timeout / 4;
  if (auto what = held_)
    what->drain();
}

void session::cut() {
  end();
}

void session::on_ready(bool readable, bool writable) {
  auto keep = self_;
  if (core_.cutting)
    return end();
  if (writable)
    send();
  else if (blocked_ || deaf_)
    // Not watched for reading, so the socket has failed.
    return end();
  if (readable && self_ && !blocked_)
    receive();
  else
    serve();
}

void session::flush() {
  flushing_ = false;
  if (!self_)
    return;
  auto keep = self_;
  if (late_) {
    auto goes_on = held_->goes_on;
    let_go();
    auto res = std::move(*late_);
    late_.reset();
    respond(std::move(res), goes_on);
  } else if (!blocked_ && kind_ != body::whole
             && (waiting() > 0 || kind_ != body::pieces
                 || room_at_ != nobody)) {
    // It may all have gone before the end of the turn.
    send();
  }
  serve();
}

// -- requests -----------------------------------------------------------------

void session::await_request() {
  deadline_ = thread_.look_at_clock() + core_.options.handshake_timeout;
  if (core_.draining)
    drain();
  reader_.next();
}

bool session::receive() {
  error_code ec;
  auto& buffer = thread_.receive_buffer();
  auto size = socket_.read_some(buffer, ec);
  if (ec == net::error::would_block)
    return false;
  socket_meter{thread_}.received(size);
  if (lingering_)
    return drop(size, ec);
  if (held_) {
    receive_ahead(size, ec);
    return false;
  }
  if (ec == net::error::eof && reader_.has_begun())
    respond(bad_request(http::error::partial_message));
  else if (ec)
    end();
  if (ec)
    return false;
  reader_.add({buffer.data(), size});
  serve();
  return true;
}

void session::receive_ahead(std::size_t size, error_code ec) {
  // A client that waits for a response and ends its side has gone, as far as
  // anybody can know (RFC 9112, 9.6).
  if (ec)
    return end();
  reader_.add({thread_.receive_buffer().data(), size});
  if (reader_.rest().size() >= core_.options.max_header_bytes) {
    deaf_ = true;
    watch();
  }
}

bool session::drop(std::size_t size, error_code ec) {
  dropped_ += size;
  if (!ec && dropped_ <= max_dropped_bytes)
    return true;
  end();
  return false;
}

void session::serve() {
  while (self_ && head_.empty() && !lingering_ && !held_) {
    switch (reader_.read()) {
      case request_reader::state::wants_more:
        if (reader_.take_expectation())
          say_continue();
        return;
      case request_reader::state::refused:
        respond(std::move(reader_.refusal()));
        break;
      case request_reader::state::whole:
        on_request();
    }
  }
}

void session::say_continue() {
  constexpr std::string_view word = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code ec;
  // There is room: all responses before it have gone.
  if (socket_.write_some(word, ec) < word.size())
    end();
}

void session::on_request() {
  auto& req = reader_.request();
  if (peer_.is_proxy)
    name_client(peer_, req, core_.trusted_proxies);
  auto path = parse_target(req.target()).path;
  auto* next = endpoint_at(core_, path);
  auto refused = check_host(req, peer_, core_.options);
  if (!refused)
    refused = redirect_of(req, peer_, core_);
  if (!refused)
    replace_host(req);
  if (!refused && next != nullptr)
    refused = next->refusal_of(req, peer_);
  if (!refused && next != nullptr && peer_.is_proxy)
    refused = count_client();
  if (refused) {
    if (next != nullptr)
      socket_meter{thread_}.refused(why_refused(*refused, core_));
    respond(std::move(*refused));
  } else if (next != nullptr && next->takes_over(req))
    hand_over(*next);
  else if (next != nullptr)
    hold(*next);
  else if (auto where = core_.routes.find(req.method_string(), path);
           where.what != nullptr)
    serve(where);
  else if (!hold_file(path))
    respond(no_route(req, core_.routes, peer_, core_.options));
}

std::size_t session::body_limit(const parsed_request& req) const {
  auto path = parse_target(req.target()).path;
  if (endpoint_at(core_, path) != nullptr)
    return core_.max_body_bytes;
  auto where = core_.routes.find(req.method_string(), path);
  return where.what != nullptr ? where.what->options.max_body_bytes
                               : request_reader::usual_body_bytes;
}

void session::serve(const found_route& where) {
  auto& req = reader_.request();
  auto& route = *where.what;
  if (auto refusal = check_content_type(req, route.options))
    return respond(std::move(*refusal));
  auto in = to_request(req, where, peer_.address);
  if (!in)
    return respond(error_reply(req, in.error(), core_.expose_traces));
  in->who = std::make_shared<const claims>(request_claims(req, core_, peer_));
  auto step = runner_.begin_step(route, in->method, traceparent_of(req));
  if (route.task)
    return hold(route, std::move(*in), std::move(step));
  log_scope scope{step.get()};
  auto res = serve_route(req, route.plain, *in);
  if (step) [[unlikely]]
    step->end_http(res.result_int());
  respond(std::move(res));
}

std::optional<http_reply> session::count_client() {
  auto ticket = core_.addresses.enter(peer_.client);
  if (!ticket && core_.addresses.is_bounded())
    return to_reply(reader_.request(), crowded_address());
  socket_.keep(std::move(ticket));
  return std::nullopt;
}

void session::hand_over(endpoint& next) {
  auto keep = std::exchange(self_, nullptr);
  thread_.remove(*this);
  next.take_over(thread_, std::move(socket_), reader_.request(), peer_,
                 reader_.rest());
}

// -- responses ----------------------------------------------------------------

void session::hold(const http_route& what, http_request in, span_ptr step) {
  auto& req = reader_.request();
  request_gate gate{what, core_, bearer_of(req[http::field::authorization]),
                    what.limits.empty() ? std::string{}
                                        : address_table::name_of(peer_.client)};
  auto held = std::make_shared<held_task>(*this, thread_, runner_, *what.task,
                                          std::move(in), req.body(),
                                          std::move(gate));
  held->span = std::move(step);
  held_ = held;
  asked_at_ = thread_.look_at_clock();
  if (thread_.meter() != nullptr) [[unlikely]]
    strategy_ = what.number;
  deadline_ = later(asked_at_, runner_.limit());
  runner_.begin(std::move(held));
}

bool session::hold_file(std::string_view path) {
  auto* where = core_.routes.files_at(path);
  auto& req = reader_.request();
  if (where == nullptr || is_preflight(req))
    return false;
  auto found = where->find(req, path);
  if (!found)
    return false;
  if (req.method() != http::verb::get && req.method() != http::verb::head) {
    // What is mounted there says which methods there are.
    if (!core_.routes.allowed(path).empty())
      return false;
    respond(wrong_method(req, "GET, HEAD"));
    return true;
  }
  deadline_ = time_point::max();
  auto held = std::make_shared<held_file>(
    *this, thread_, std::string{req.method_string()} + " " + std::string{path},
    std::move(*found));
  held_ = held;
  held->start();
  return true;
}

void session::hold(endpoint& next) {
  deadline_ = time_point::max();
  held_ = next.hold(thread_, *this, reader_.request(), peer_);
}

void session::answered(caf::expected<http_response> what) {
  auto& req = reader_.request();
  if (auto number = std::exchange(strategy_, 0); number != 0) [[unlikely]]
    socket_meter{thread_}.served(number, what ? 0 : status_of(what.error()),
                                 thread_.look_at_clock() - asked_at_);
  if (what) {
    late_ = to_reply(req, std::move(*what));
  } else {
    auto level = status_of(what.error()) >= 500 ? log::level::warning
                                                : log::level::debug;
    if (log::enabled(level))
      log::write(level, "the handler of " + held_->name + ": "
                          + trace_of(what.error()));
    held_->failed(what.error());
    late_ = error_reply(req, what.error(), core_.expose_traces);
  }
  flush_soon();
}

bool session::began(http_response head, held_request::body_length length) {
  auto& req = reader_.request();
  auto res = to_head(req, std::move(head), length);
  if (!res) {
    late_ = failure_reply(req);
    flush_soon();
    return false;
  }
  kind_ = body::pieces;
  chunked_ = res->chunked();
  allow_page(*res, req, peer_, core_.options);
  keep_alive_ = res->keep_alive() && !core_.draining;
  require_security(*res, peer_, core_.options);
  socket_meter{thread_}.answered(res->result_int());
  head_ = head_of(*res, keep_alive_);
  // From here on it is for its maker to say how long it takes, and for the
  // client to take it.
  deadline_ = time_point::max();
  socket_.give_up_after(core_.options.backlog_timeout);
  flush_soon();
  return true;
}

bool session::came(std::string_view piece) {
  // An empty chunk would be the end.
  if (piece.empty() || reader_.request().method() == http::verb::head)
    return true;
  auto before = waiting();
  if (chunked_)
    append_chunk(body_, piece);
  else
    body_.append(piece);
  if (blocked_) {
    socket_meter{thread_}.sent(0, backlog_.waiting(), waiting());
    backlog_.grew(waiting());
    if (held_)
      held_->waits(waiting());
  }
  flush_soon();
  if (waiting() <= core_.options.max_backlog_bytes)
    return true;
  backlog_.queued(before, waiting() - before);
  // Not `send`: an error must not end who is at work just now.
  error_code ec;
  write_some(ec);
  return !backlog_.too_much();
}

bool session::has_room(std::size_t bytes) {
  auto least = backlog_guard::room_for(bytes, core_.options.max_backlog_bytes);
  if (waiting() <= least)
    return true;
  room_at_ = std::min(room_at_, least);
  return false;
}

void session::hurry() {
  if (flushing_)
    thread_.flush_first(shared_from_this());
}

void session::finished(bool whole) {
  kind_ = whole ? body::all_pieces : body::broken;
  if (whole && chunked_ && reader_.request().method() != http::verb::head)
    body_.append(last_chunk);
  flush_soon();
}

void session::flush_soon() {
  // Not now: whoever answers is at work still, as a rule.
  if (!std::exchange(flushing_, true))
    thread_.flush_later(shared_from_this());
}

void session::let_go() {
  held_ = nullptr;
  if (peer_.is_proxy)
    socket_.keep({});
  if (std::exchange(deaf_, false))
    watch();
}

void session::respond(http_reply res, bool goes_on) {
  // Requests that were sent behind this one are answered first.
  keep_alive_ = res.keep_alive()
                && (!core_.draining || goes_on || !reader_.rest().empty()
                    || socket_.readable());
  require_security(res, peer_, core_.options);
  allow_page(res, reader_.request(), peer_, core_.options);
  socket_meter{thread_}.answered(res.result_int());
  head_ = head_of(res, keep_alive_);
  // The headers tell the length, and nothing follows them (RFC 9110, 9.3.2).
  if (reader_.request().method() != http::verb::head)
    body_ = std::move(res.body());
  send();
}

void session::send() {
  error_code ec;
  write_some(ec);
  if (ec)
    return end();
  auto done = waiting() == 0;
  if (blocked_ == done) {
    blocked_ = !done;
    watch();
  }
  if (room_at_ != nobody && waiting() <= room_at_) {
    room_at_ = nobody;
    // Others have their turn in between.
    thread_.call_later([held = held_] {
      if (held->is_awaited())
        held->relieved();
    });
  }
  if (done) {
    head_.clear();
    // With its memory: the next one may be long in coming.
    std::string{}.swap(body_);
    sent_ = 0;
    if (kind_ != body::whole)
      on_pieces_sent();
    else if (keep_alive_)
      await_request();
    else
      finish();
  }
}

void session::write_some(error_code& ec) {
  auto head_sent = std::min(sent_, head_.size());
  auto sent
    = socket_.write_some(std::string_view{head_}.substr(head_sent),
                         std::string_view{body_}.substr(sent_ - head_sent), ec);
  sent_ += sent;
  auto before = backlog_.waiting();
  socket_meter{thread_}.sent(sent, before, waiting());
  backlog_.sent(sent, waiting(), thread_.look_at_clock());
  if (before != waiting() && held_) [[unlikely]]
    held_->waits(waiting());
  // One that comes in pieces may never be at an end.
  if (kind_ != body::whole && sent_ > (head_.size() + body_.size()) / 2
      && sent_ >= head_.size()) {
    body_.erase(0, sent_ - head_.size());
    head_.clear();
    sent_ = 0;
  }
}

void session::watch() {
  thread_.sockets().watch(socket_.native_handle(), *this, !blocked_ && !deaf_,
                          blocked_);
}

void session::on_pieces_sent() {
  if (kind_ == body::pieces)
    return;
  if (kind_ == body::broken)
    return end();
  kind_ = body::whole;
  let_go();
  // It may have taken long, and the server may be going down by now.
  auto more = !core_.draining || !reader_.rest().empty() || socket_.readable();
  if (keep_alive_ && more)
    await_request();
  else
    finish();
}

void session::finish() {
  socket_.shut_down();
  // To close a socket of which something is not read resets the connection, and
  // the client loses what was on its way (RFC 9112, 9.6).
  // Whoever has sent one request behind another may be sending more.
  auto heard_all = reader_.is_whole() && reader_.rest().empty()
                   && !socket_.readable();
  if (heard_all || core_.open / 2 > core_.options.max_connections)
    return end();
  lingering_ = true;
  deadline_ = thread_.look_at_clock() + core_.options.close_timeout;
}

void session::end() {
  if (!self_)
    return;
  auto keep = std::exchange(self_, nullptr);
  socket_meter{thread_}.ended(backlog_.waiting());
  if (held_)
    held_->leave();
  thread_.remove(*this);
  thread_.sockets().remove(socket_.native_handle(), *this);
  socket_.shut_down();
  socket_.close();
}

} // namespace flamigo::detail
