#include "flamigo/http/detail/session.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "flamigo/http/detail/endpoint.hpp"
#include "flamigo/http/detail/host_check.hpp"
#include "flamigo/io/detail/address.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

/// Of an ordinary HTTP request; WebSocket messages have a limit of their own.
constexpr std::uint64_t max_body_bytes = 65'536;

endpoint* endpoint_at(const server_core& core, std::string_view path) {
  for (auto& [where, what] : core.endpoints)
    if (where == path)
      return what;
  return nullptr;
}

} // namespace

session::session(server_core& core, io_thread& thread, stream_socket socket,
                 net::ip::tcp::endpoint peer)
  : core_(core), thread_(thread), ticket_(core), socket_(std::move(socket)),
    peer_(std::move(peer)),
    // As large as its handler makes it.
    backlog_(std::numeric_limits<std::size_t>::max(),
             core.options.backlog_timeout) {
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
  if (!is_late(now))
    return;
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
  return blocked_ ? backlog_.too_long(now) : now >= deadline_;
}

void session::drain() {
  if (head_.empty())
    end();
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
  deadline_ = thread_.look_at_clock() + core_.options.handshake_timeout;
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
  while (self_ && head_.empty() && has_input()) {
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

bool session::has_input() const {
  // The last chunk has five bytes, and it ends every chunked body (RFC 9112,
  // 7.1): less is worth no call, and not every version of Beast takes it well.
  auto chunked = parser_->is_header_done() && parser_->chunked();
  return input_.size() - used_ >= (chunked ? 5u : 1u);
}

void session::on_request() {
  auto& req = parser_->get();
  auto* next = endpoint_at(core_, path_of(req.target()));
  auto refusal = check_host(req, core_.options);
  if (!refusal && next != nullptr)
    refusal = next->refusal_of(req);
  if (refusal)
    respond(std::move(*refusal));
  else if (next != nullptr)
    hand_over(*next);
  else
    respond(serve_route(req, core_.routes, address_of(peer_)));
}

void session::hand_over(endpoint& next) {
  auto keep = std::exchange(self_, nullptr);
  thread_.remove(*this);
  next.take_over(thread_, std::move(socket_), parser_->get(), address_of(peer_),
                 std::string_view{input_}.substr(used_));
}

// -- responses ----------------------------------------------------------------

void session::respond(http_reply res) {
  keep_alive_ = res.keep_alive() && !core_.draining;
  head_ = head_of(res, keep_alive_);
  body_ = std::move(res.body());
  send();
}

void session::send() {
  error_code ec;
  auto head_sent = std::min(sent_, head_.size());
  auto sent
    = socket_.write_some(std::string_view{head_}.substr(head_sent),
                         std::string_view{body_}.substr(sent_ - head_sent), ec);
  sent_ += sent;
  auto waiting = head_.size() + body_.size() - sent_;
  backlog_.sent(sent, waiting, thread_.look_at_clock());
  auto done = waiting == 0;
  if (ec || (done && (!keep_alive_ || core_.draining)))
    return end();
  if (blocked_ == done) {
    blocked_ = !done;
    thread_.sockets().watch(socket_.native_handle(), *this, done, !done);
  }
  if (done) {
    head_.clear();
    // With its memory: the next one may be long in coming.
    std::string{}.swap(body_);
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
