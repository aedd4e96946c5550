#include "flamigo/bridge/detail/session.hpp"

#include <utility>

#include "flamigo/bridge/detail/connection.hpp"
#include "flamigo/bridge/detail/host_check.hpp"
#include "flamigo/bridge/detail/upgrade.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// Of an ordinary HTTP request; WebSocket messages have a limit of their own.
constexpr std::uint64_t max_body_bytes = 64 * 1024;

} // namespace

session::session(server_core& core, io_thread& thread, stream_socket socket,
                 net::ip::tcp::endpoint peer)
  : core_(core), thread_(thread), ticket_(core), socket_(std::move(socket)),
    peer_(std::move(peer)) {
}

session::~session() = default;

void session::start() {
  thread_.add(*this);
  self_ = shared_from_this();
  await_request();
  error_code ec;
  thread_.sockets().add(socket_.native_handle(), *this, ec);
  if (ec)
    end();
  else if (core_.open > core_.options.max_connections)
    respond(too_many_connections());
}

// -- resident, watcher --------------------------------------------------------

void session::tick(time_point now) {
  if (now < deadline_)
    return;
  // It may be us who are late: what the client has done meanwhile counts.
  auto keep = self_;
  if (blocked_)
    send();
  else
    while (self_ && receive())
      ;
  if (self_ && now >= deadline_)
    end();
}

void session::drain() {
  if (output_.empty())
    end();
}

void session::cut() {
  end();
}

void session::on_ready(bool readable, bool writable) {
  auto keep = self_;
  if (writable)
    send();
  else if (blocked_)
    // Not watched for reading, so the socket has failed.
    return end();
  if (readable && self_ && !blocked_)
    receive();
  else
    serve();
}

// -- requests -----------------------------------------------------------------

void session::await_request() {
  deadline_ = thread_.now() + core_.options.handshake_timeout;
  parser_.emplace();
  parser_->eager(true);
  parser_->header_limit(
    static_cast<std::uint32_t>(core_.options.max_header_bytes));
  parser_->body_limit(max_body_bytes);
}

bool session::receive() {
  error_code ec;
  auto& buffer = thread_.receive_buffer();
  auto size = socket_.read_some(buffer, ec);
  if (ec == net::error::eof && (parser_->got_some() || !input_.empty()))
    respond(bad_request(http::error::partial_message));
  else if (ec && ec != net::error::would_block)
    end();
  if (ec)
    return false;
  input_.append(buffer.data(), size);
  serve();
  return true;
}

void session::serve() {
  while (self_ && output_.empty() && used_ < input_.size()) {
    error_code ec;
    used_ += parser_->put(
      net::buffer(input_.data() + used_, input_.size() - used_), ec);
    if (ec == http::error::need_more)
      break;
    if (ec)
      respond(bad_request(ec));
    else if (parser_->is_done())
      on_request();
  }
  input_.erase(0, used_);
  used_ = 0;
}

void session::on_request() {
  auto& req = parser_->get();
  auto& options = core_.options;
  auto for_websocket = options.websocket
                       && path_of(req.target()) == options.path;
  auto refusal = check_host(req, options);
  if (!refusal && for_websocket)
    refusal = check_upgrade(req, options);
  if (refusal)
    respond(*refusal);
  else if (for_websocket)
    upgrade();
  else
    respond(serve_route(req, core_.routes, address_of(peer_)));
}

void session::upgrade() {
  auto keep = std::exchange(self_, nullptr);
  thread_.remove(*this);
  auto& req = parser_->get();
  auto who = claims_of(req, core_, address_of(peer_));
  auto next = std::make_shared<connection>(core_, thread_, std::move(socket_));
  next->start(req, std::move(who), std::string_view{input_}.substr(used_));
}

// -- responses ----------------------------------------------------------------

void session::respond(const http_reply& res) {
  keep_alive_ = res.keep_alive() && !core_.draining;
  deadline_ = thread_.now() + core_.options.handshake_timeout;
  output_ = to_bytes(res, keep_alive_);
  send();
}

void session::send() {
  error_code ec;
  sent_ += socket_.write_some(std::string_view{output_}.substr(sent_), ec);
  auto done = sent_ == output_.size();
  if (ec || (done && (!keep_alive_ || core_.draining)))
    return end();
  if (blocked_ == done) {
    blocked_ = !done;
    thread_.sockets().watch(socket_.native_handle(), *this, done, !done);
  }
  if (done) {
    output_.clear();
    sent_ = 0;
    await_request();
  }
}

void session::end() {
  if (!self_)
    return;
  auto keep = std::exchange(self_, nullptr);
  thread_.remove(*this);
  thread_.sockets().forget(*this);
  socket_.shut_down();
  socket_.close();
}

} // namespace flamigo::detail
