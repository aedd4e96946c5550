#include "flamigo/sse/detail/sse_client.hpp"

#include <algorithm>
#include <functional>

#include <caf/send.hpp>

#include "flamigo/client/client_atoms.hpp"
#include "flamigo/http/detail/cross_origin.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/http/detail/request_claims.hpp"
#include "flamigo/http/detail/traceparent.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/sse/detail/event_id.hpp"
#include "flamigo/sse/detail/sse_post.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/websocket/detail/upgrade_token.hpp"

namespace flamigo::detail {

namespace {

/// JSON has line breaks between its tokens only, which end a line here.
void append_data(std::string& out, std::string_view json) {
  out.append("data: ");
  auto at = out.size();
  out.append(json).append("\n\n");
  for (auto end = out.size() - 2; (at = out.find_first_of("\r\n", at)) < end;)
    out[at] = ' ';
}

/// For how long a client that was closed stays away, in milliseconds: all of a
/// server come again, and not at the same time.
std::size_t delay_of(std::string_view any) {
  constexpr std::size_t least = 1'000;
  constexpr std::size_t range = 4'000;
  return least + std::hash<std::string_view>{}(any) % range;
}

} // namespace

sse_client::sse_client(owner& waiting, io_thread& thread, sse_core& core,
                       std::string id)
  : held_request(waiting, thread, "GET " + core.options.path), core_(core),
    id_(std::move(id)), written_(thread.now()) {
}

sse_client::~sse_client() = default;

void sse_client::start(const parsed_request& req, const request_peer& peer) {
  http_response head{.content_type = "text/event-stream"};
  head.headers = cross_origin_headers(req);
  head.headers.emplace_back("Cache-Control", "no-store");
  // nginx would keep what is said until there is much of it.
  head.headers.emplace_back("X-Accel-Buffering", "no");
  if (!begin(std::move(head)))
    return;
  if (core_.server.draining)
    // Not 503, behind which an EventSource never comes again.
    return close({close_code::shutting_down, "the server is shutting down"});
  auto self = std::static_pointer_cast<sse_client>(shared_from_this());
  core_.sessions.add(self);
  write(R"(event: open
data: {"session":")"
        + id_ + "\"}\n\n");
  auto who = std::make_shared<claims>(request_claims(req, core_.server, peer));
  who->type = claims_type::websocket;
  who->protocol = client_protocol::flamigo;
  who->transport = client_transport::sse;
  who->connection_id = random_id();
  auto& auth = core_.env.auth;
  auto token = auth ? token_of(req, auth->options.cookie) : std::string{};
  guest_ = token.empty();
  restoring_ = {core_.env.application.strategies.name_of("websocket:subscribe"),
                from_event_id(req["Last-Event-ID"])};
  feed_ = client_feed{core_.env,          &thread(),        self,
                      std::move(who),     std::move(token), false,
                      traceparent_of(req)};
}

void sse_client::restore() {
  auto& auth = core_.env.auth;
  auto most = restoring_.requests().size();
  // A guest may say so much and no more, and has something to say itself.
  if (guest_ && auth && auth->options.timeout.count() > 0)
    most = std::min(most, auth->options.max_messages / 2);
  for (std::size_t i = 0; i < restoring_.requests().size() && !closed_; ++i)
    if (i < most)
      feed_.message(restoring_.requests()[i]);
    else
      write_frame(restoring_.refuse(i, errc::too_many_requests));
}

void sse_client::receive(sse_post& from, std::string_view frame) {
  if (closed_ || !feed_)
    return from.refuse(no_such_stream(core_.server.draining));
  feed_.message(frame);
  from.accept();
}

// -- held_request -------------------------------------------------------------

void sse_client::relieved() {
  if (!closed_ && feed_)
    feed_.relieved();
}

void sse_client::waits(std::size_t bytes) noexcept {
  if (feed_)
    feed_.waits(bytes);
}

void sse_client::tick(resident::time_point now) {
  if (closed_ || now - written_ < core_.server.options.ping_interval)
    return;
  // An id alone is no event, but counts. A colon begins a comment.
  std::string lines;
  append_id(lines);
  write(lines.empty() ? ":\n\n" : lines.append("\n"));
}

void sse_client::drain() {
  if (feed_)
    caf::anon_send(feed_.client(), drain_atom_v);
}

void sse_client::abandoned() {
  closed_ = true;
  if (core_.server.cutting)
    ended({close_code::shutting_down, "the server is shutting down"});
  else
    ended({close_code::abnormal, "the client has gone"});
}

// -- transport ----------------------------------------------------------------

void sse_client::opened() {
  // Not from here: it is the actor that calls.
  if (!restoring_.empty())
    later([](sse_client& self) { self.restore(); });
}

bool sse_client::refused(const caf::error&) {
  guest_ = true;
  return false;
}

void sse_client::send(std::string_view frame) {
  if (closed_)
    return;
  auto other = restoring_.translate(frame);
  write_frame(other ? *other : frame);
}

void sse_client::hurry() {
  held_request::hurry();
}

bool sse_client::has_room(std::size_t bytes) {
  return !closed_ && held_request::has_room(bytes);
}

void sse_client::close(const close_reason& why) {
  if (std::exchange(closed_, true))
    return;
  auto code = is_close_code(why.code)
                ? why.code
                : static_cast<std::uint16_t>(close_code::internal_error);
  std::string lines{"event: close\n"};
  if (may_reconnect(code))
    lines += "retry: " + std::to_string(delay_of(id_)) + "\n";
  else
    lines.append("id: ").append(final_event_id).append("\n");
  append_data(lines, R"({"code":)" + std::to_string(code) + R"(,"reason":)"
                       + to_json(why.reason) + "}");
  put(lines);
  finish();
  // It may be the actor that closes.
  later([why](sse_client& self) { self.ended(why); });
}

// -- lines --------------------------------------------------------------------

void sse_client::append_id(std::string& out) {
  // As long as not all is as before, the client comes again with what it has.
  if (!feed_ || !restoring_.empty())
    return;
  auto next = to_event_id(feed_.positions());
  if (next == event_id_)
    return;
  event_id_ = std::move(next);
  out.append("id: ").append(event_id_).append("\n");
}

void sse_client::write_frame(std::string_view frame) {
  std::string lines;
  append_id(lines);
  append_data(lines, frame);
  write(lines);
}

void sse_client::write(std::string_view lines) {
  written_ = thread().now();
  if (!put(lines))
    close({close_code::slow_consumer, "too many bytes wait to be sent"});
}

void sse_client::ended(const close_reason& why) {
  auto self = shared_from_this();
  core_.sessions.remove(*this);
  if (feed_)
    std::exchange(feed_, {}).closed(why);
}

} // namespace flamigo::detail
