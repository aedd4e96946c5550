#include "flamigo/socketio/detail/socket_io_client.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include <caf/send.hpp>

#include "flamigo/bus/event.hpp"
#include "flamigo/client/client_atoms.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/socketio/detail/socket_io_core.hpp"
#include "flamigo/wire/event_arguments.hpp"
#include "flamigo/wire/laden_text.hpp"

namespace flamigo::detail {

namespace {

/// Whether it makes sense to try again with what was refused.
bool may_pass(const caf::error& why) {
  auto status = status_of(why);
  return status >= 500 || status == 429;
}

} // namespace

socket_io_client::socket_io_client(owner& of,
                                   std::shared_ptr<engine_session> out,
                                   std::string where,
                                   const wire_format& spelling,
                                   std::size_t max_early_bytes)
  : owner_(&of), out_(std::move(out)), where_(std::move(where)),
    format_(spelling),
    event_head_(where_ == socket_io_core::main_namespace ? "2"
                                                         : "2" + where_ + ","),
    max_early_bytes_(max_early_bytes) {
}

socket_io_client::~socket_io_client() = default;

void socket_io_client::start(const client_environment& env, claims_ptr who,
                             std::string token) {
  connection_id_ = who->connection_id;
  auto self = shared_from_this();
  feed_ = client_feed{env, &out_->thread(), self, std::move(who),
                      std::move(token)};
}

void socket_io_client::receive(std::string_view frame) {
  if (state_ != state::closed && feed_)
    feed_.message(frame);
}

void socket_io_client::moved() {
  if (feed_)
    feed_.moved(out_->transport());
}

void socket_io_client::relieved() {
  if (feed_)
    feed_.relieved();
}

void socket_io_client::drain() {
  if (feed_)
    caf::anon_send(feed_.client(), drain_atom_v);
}

void socket_io_client::disconnected(const close_reason& why) {
  state_ = state::closed;
  owner_ = nullptr;
  if (auto feed = std::exchange(feed_, {}))
    feed.closed(why);
  out_ = nullptr;
}

// -- transport ----------------------------------------------------------------

const wire_format& socket_io_client::format() const noexcept {
  return format_;
}

void socket_io_client::opened() {
  if (state_ != state::connecting)
    return;
  state_ = state::connected;
  write('0', R"({"sid":")" + connection_id_ + "\"}");
  for (auto& x : std::exchange(early_, {}))
    if (x.is_bytes)
      out_->send_binary(x.text);
    else
      out_->send({}, x.text);
}

bool socket_io_client::refused(const caf::error& why) {
  if (state_ != state::connecting)
    return false;
  state_ = state::closed;
  close_reason reason{close_code::kicked, public_message(why)};
  if (may_pass(why)) {
    // After a refusal in words a client does not come again.
    reason = {close_code::internal_error, public_message(why)};
    owner_->end(reason);
  } else {
    std::string text{"{\"message\":"};
    append_json(text, public_message(why));
    text.append(",\"data\":{\"status\":");
    append_json(text, status_of(why));
    text.append(",\"code\":");
    append_json(text, flamigo::code_of(why));
    write('4', text.append("}}"));
  }
  leave(reason);
  return true;
}

void socket_io_client::send(std::string_view frame) {
  if (is_laden(frame))
    send_laden(frame);
  else if (state_ == state::connected && event_head_.size() == 1)
    out_->send({}, frame);
  else if (state_ != state::closed)
    write(frame[0], frame.substr(1));
}

void socket_io_client::send_event(const event& what, std::uint64_t places) {
  send_arguments(what.client_arguments_in(places));
}

void socket_io_client::send_kept(std::string_view frame, std::size_t base,
                                 bytes_finder bytes) {
  thread_local std::string arguments;
  arguments.clear();
  append_frame_arguments(arguments, frame, base);
  if (bytes != nullptr)
    lift_bytes(arguments, 0, bytes);
  send_arguments(arguments);
}

void socket_io_client::send_arguments(std::string_view arguments) {
  if (is_laden(arguments))
    send_laden(arguments, '2');
  else if (state_ == state::connected)
    out_->send(event_head_, arguments);
  else if (state_ == state::connecting)
    keep_early(event_head_ + std::string{arguments});
}

void socket_io_client::write(char kind, std::string_view rest) {
  auto head = event_head_;
  head[0] = kind;
  if (state_ == state::connecting)
    keep_early(head.append(rest));
  else
    out_->send(head, rest);
}

void socket_io_client::send_laden(std::string_view text, char kind) {
  if (state_ == state::closed)
    return;
  auto what = read_laden(text);
  auto rest = what.json;
  if (kind == '\0') {
    kind = rest.front();
    rest.remove_prefix(1);
  }
  // From an event or an acknowledgement to the same with bytes.
  std::string packet(1, static_cast<char>(kind + 3));
  packet.append(std::to_string(what.attachments.size())).push_back('-');
  packet.append(event_head_, 1).append(rest);
  if (state_ == state::connecting) {
    keep_early(std::move(packet));
    for (auto x : what.attachments)
      keep_early(std::string{x}, true);
    return;
  }
  out_->send({}, packet);
  for (auto x : what.attachments)
    out_->send_binary(x);
}

void socket_io_client::keep_early(std::string packet, bool is_bytes) {
  if (state_ == state::closed)
    return;
  early_bytes_ += packet.size();
  if (early_bytes_ > max_early_bytes_)
    return close({close_code::slow_consumer, "too many bytes wait to be sent"});
  early_.push_back({std::move(packet), is_bytes});
}

void socket_io_client::hurry() {
  if (out_)
    out_->hurry();
}

bool socket_io_client::has_room(std::size_t bytes) {
  return state_ == state::connected && out_->has_room(bytes);
}

bool socket_io_client::has_input() const {
  return out_ && out_->has_input();
}

void socket_io_client::close(const close_reason& why) {
  if (state_ == state::closed)
    return;
  auto was_connected = std::exchange(state_, state::closed) == state::connected;
  early_.clear();
  if (was_connected)
    say_end(why);
  else if (may_reconnect(why.code))
    owner_->end(why);
  else
    write('4', R"({"message":)" + to_json(why.reason) + "}");
  leave(why);
}

void socket_io_client::say_end(const close_reason& why) {
  std::string text{R"(["close",{"code":)" + std::to_string(why.code)
                   + R"(,"reason":)"};
  append_json(text, why.reason);
  out_->send(event_head_, text.append("}]"));
  if (may_reconnect(why.code))
    owner_->end(why);
  else
    write('1', {});
}

void socket_io_client::leave(const close_reason& why) {
  // Not from here: it may be the actor that closes.
  net::post(out_->thread().context(), [self = shared_from_this(), why] {
    auto out = self->out_;
    if (!out)
      return;
    out->thread().turn([&] {
      auto of = self->owner_;
      self->disconnected(why);
      if (of != nullptr)
        of->left(*self);
    });
  });
}

} // namespace flamigo::detail
