#include "flamigo/socketio/detail/socket_io_session.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/describe/class.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/random_id.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/socketio/detail/put_bytes.hpp"

namespace flamigo::detail {

namespace {

using packet_kind = socket_io_packet::kind;

/// What a client shows when it connects, of which only this is ours.
struct connect_auth {
  std::optional<raw_json> token;
  std::optional<raw_json> pid;
  std::optional<raw_json> offset;
};

BOOST_DESCRIBE_STRUCT(connect_auth, (), (token, pid, offset))

/// Empty where there is none, or it is no text.
std::string text_of(const std::optional<raw_json>& what) {
  std::string result;
  if (what && from_json(what->text, result))
    result.clear();
  return result;
}

/// Fails if what is shown is no JSON.
caf::error take_auth(std::string_view auth, connect_auth& out) {
  return auth.empty() ? caf::error{} : from_json(auth, out);
}

/// Whether it is an event or an acknowledgement of the main namespace: it is
/// what the actor gets.
bool is_plain(std::string_view text) noexcept {
  if (text.empty() || (text[0] != '2' && text[0] != '3'))
    return false;
  auto arguments = text.find_first_not_of("0123456789", 1);
  return arguments != std::string_view::npos && text[arguments] == '['
         && arguments <= socket_io_packet::max_id + 1;
}

} // namespace

socket_io_session::socket_io_session(socket_io_core& core,
                                     std::shared_ptr<engine_session> out)
  : core_(core), out_(std::move(out)),
    lonely_since_(out_->thread().look_at_clock()) {
}

socket_io_session::~socket_io_session() = default;

// -- engine_session::owner ----------------------------------------------------

void socket_io_session::text(std::string_view message) {
  if (missing_ > 0)
    return fail("a text where bytes were announced");
  if (is_plain(message)) [[likely]] {
    if (auto who = find(socket_io_core::main_namespace))
      return who->receive(message);
    return fail_lost(socket_io_core::main_namespace);
  }
  socket_io_packet what;
  if (parse_packet(message, what))
    return fail("a packet that is none");
  switch (what.type) {
    case packet_kind::connect:
      return connect(what.name_space, what.data);
    case packet_kind::disconnect:
      return disconnect(what.name_space);
    case packet_kind::event:
    case packet_kind::ack:
      return receive(what, message);
    case packet_kind::binary_event:
    case packet_kind::binary_ack:
      if (what.attachments == 0)
        return fail("bytes that are none");
      if (what.attachments > core_.max_attachments)
        return fail("too many attachments");
      laden_ = message;
      laden_bytes_ = message.size();
      missing_ = what.attachments;
      return;
    default:
      fail("a packet that no client sends");
  }
}

void socket_io_session::binary(std::string_view bytes) {
  if (missing_ == 0)
    return fail("bytes that nobody has announced");
  laden_bytes_ += bytes.size();
  if (auto most = core_.server.options.max_message_bytes; laden_bytes_ > most)
    return out_->end(
      {close_code::too_big, "a packet and its attachments have more than "
                              + std::to_string(most) + " bytes"});
  attachments_.emplace_back(bytes);
  if (--missing_ == 0)
    receive_laden();
}

void socket_io_session::receive(const socket_io_packet& what,
                                std::string_view text) {
  auto who = find(what.name_space);
  if (!who)
    return fail_lost(what.name_space);
  std::string frame{text.substr(0, 1)};
  who->receive(frame.append(what.id).append(what.data));
}

void socket_io_session::receive_laden() {
  auto text = std::exchange(laden_, {});
  auto attachments = std::exchange(attachments_, {});
  socket_io_packet what;
  std::string frame;
  if (parse_packet(text, what) || put_bytes(what, attachments, frame))
    return fail("a packet that is none");
  if (auto who = find(what.name_space))
    who->receive(frame);
  else
    fail_lost(what.name_space);
}

void socket_io_session::upgraded() {
  for (auto& x : clients_)
    x->moved();
}

void socket_io_session::relieved() {
  auto all = clients_;
  for (auto& x : all)
    x->relieved();
}

void socket_io_session::waits(std::size_t bytes) noexcept {
  for (auto& x : clients_)
    x->waits(bytes);
}

void socket_io_session::draining() {
  if (clients_.empty())
    return out_->end(
      {close_code::shutting_down, "the server is shutting down"});
  draining_ = true;
  for (auto& x : clients_)
    x->drain();
}

void socket_io_session::tick(resident::time_point now) {
  if (clients_.empty() && now - lonely_since_ >= core_.connect_timeout)
    out_->end({close_code::going_away, "connected to no namespace"});
}

void socket_io_session::ended(const close_reason& why) {
  for (auto& x : std::exchange(clients_, {}))
    x->lost(why);
  out_ = nullptr;
}

// -- namespaces ---------------------------------------------------------------

void socket_io_session::connect(std::string_view where, std::string_view auth) {
  if (draining_)
    return;
  auto known = core_.namespaces.find(where);
  if (known == core_.namespaces.end()) {
    std::string packet{"4"};
    packet.append(where).append(R"(,{"message":"Invalid namespace"})");
    return out_->send({}, packet);
  }
  if (find(where))
    return fail("a second connection to a namespace");
  connect_auth shown;
  if (take_auth(auth, shown))
    return fail("credentials that are none");
  auto who = std::make_shared<claims>(out_->who());
  who->connection_id = random_id();
  who->protocol = client_protocol::socket_io;
  who->transport = out_->transport();
  if (core_.keep_auth && !auth.empty())
    who->extras.emplace("auth", auth);
  auto next = std::make_shared<socket_io_client>(
    *this, out_, std::string{where}, *core_.format,
    core_.server.options.max_backlog_bytes);
  clients_.push_back(next);
  std::erase(put_out_, where);
  if (core_.kept)
    next->recover_by(*core_.kept, text_of(shown.pid), text_of(shown.offset));
  auto token = text_of(shown.token);
  if (token.empty())
    token = out_->token();
  next->start(known->second, std::move(who), std::move(token));
}

void socket_io_session::disconnect(std::string_view where) {
  auto who = find(where);
  if (!who)
    return;
  who->disconnected({close_code::normal, {}}, false);
  remove(*who);
}

void socket_io_session::left(socket_io_client& who) {
  put_out_.push_back(who.where());
  remove(who);
}

void socket_io_session::remove(socket_io_client& who) {
  std::erase_if(clients_, [&](auto& x) { return x.get() == &who; });
  if (!clients_.empty() || !out_)
    return;
  lonely_since_ = out_->thread().look_at_clock();
  if (draining_)
    draining();
}

void socket_io_session::end(const close_reason& why) {
  if (!draining_)
    out_->end(why);
}

std::shared_ptr<socket_io_client>
socket_io_session::find(std::string_view where) const {
  for (auto& x : clients_)
    if (x->where() == where)
      return x;
  return nullptr;
}

void socket_io_session::fail_lost(std::string_view where) {
  // What was under way when it was put out does not end the others. A client
  // that has drained is told when they have.
  if (!draining_
      && std::find(put_out_.begin(), put_out_.end(), where) == put_out_.end())
    fail("an event before the connection to a namespace");
}

void socket_io_session::fail(const char* why) {
  out_->end({close_code::protocol_error, why});
}

} // namespace flamigo::detail
