#include "flamigo/socketio/detail/socket_io_client.hpp"

#include <utility>

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

void socket_io_client::recover_by(kept_clients& all, std::string pid,
                                  std::string position) {
  recovery_ = std::make_unique<client_recovery>(all, std::move(pid),
                                                std::move(position));
}

void socket_io_client::start(const client_environment& env, claims_ptr who,
                             std::string token) {
  connection_id_ = who->connection_id;
  auto self = shared_from_this();
  feed_ = client_feed{env,
                      &out_->thread(),
                      self,
                      std::move(who),
                      std::move(token),
                      recovery_ && !recovery_->shown.empty(),
                      out_->traceparent()};
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

void socket_io_client::waits(std::size_t bytes) noexcept {
  if (feed_)
    feed_.waits(bytes);
}

void socket_io_client::drain() {
  if (feed_)
    caf::anon_send(feed_.client(), drain_atom_v);
}

void socket_io_client::lost(const close_reason& why) {
  // By whatever it says it ends: a client that leaves says so before.
  disconnected(why,
               may_reconnect(why.code)
                 || why.code == static_cast<std::uint16_t>(close_code::normal));
}

void socket_io_client::supersede() {
  close({close_code::no_pong, "the client has come again"});
}

void socket_io_client::disconnected(const close_reason& why, bool comes_again) {
  if (state_ != state::closed)
    settle(comes_again);
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
  if (!recovery_ || recovery_->shown.empty())
    return let_in();
  // Not from here: it is the actor that calls.
  out_->thread().call_later(
    [self = shared_from_this()] { self->look_for_kept(false); });
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
  if (is_laden(frame)) {
    if (state_ == state::connecting)
      keep_early({std::string{frame}});
    else if (state_ == state::connected)
      write_laden(frame, {});
    return;
  }
  if (recovery_ && frame.starts_with("2["))
    return send_arguments(frame.substr(1), {});
  if (state_ == state::connected && event_head_.size() == 1)
    out_->send({}, frame);
  else if (state_ != state::closed)
    write(frame[0], frame.substr(1));
}

void socket_io_client::send_event(const event& what, std::uint64_t places) {
  std::string_view offsets;
  if (recovery_ && places != 0)
    offsets
      = what.client_frame_in(places).substr(what.client_frame_base(places));
  send_arguments(what.client_arguments_in(places), offsets);
}

void socket_io_client::send_kept(std::string_view frame, std::size_t base,
                                 bytes_finder bytes) {
  thread_local std::string arguments;
  arguments.clear();
  append_frame_arguments(arguments, frame, base);
  if (bytes != nullptr)
    lift_bytes(arguments, 0, bytes);
  send_arguments(arguments, frame.substr(base));
}

void socket_io_client::send_arguments(std::string_view arguments,
                                      std::string_view offsets) {
  if (state_ == state::connecting)
    keep_early({std::string{arguments}, std::string{offsets}});
  else if (state_ == state::connected)
    write_event(arguments, offsets);
}

void socket_io_client::write_event(std::string_view arguments,
                                   std::string_view offsets) {
  if (is_laden(arguments))
    return write_laden(arguments, offsets);
  if (!recovery_)
    return out_->send(event_head_, arguments);
  auto tail = recovery_->count(arguments, offsets);
  out_->send(event_head_, arguments.substr(0, arguments.size() - 1), tail);
}

void socket_io_client::write(char kind, std::string_view rest) {
  auto head = event_head_;
  head[0] = kind;
  if (state_ == state::connecting)
    keep_early({head.append(rest)});
  else
    out_->send(head, rest);
}

void socket_io_client::write_laden(std::string_view text,
                                   std::string_view offsets) {
  auto what = read_laden(text);
  auto json = what.json;
  auto kind = '2';
  if (json.front() != '[') {
    kind = json.front();
    json.remove_prefix(1);
  }
  // From an event or an acknowledgement to the same with bytes.
  std::string packet(1, static_cast<char>(kind + 3));
  packet.append(std::to_string(what.attachments.size())).push_back('-');
  packet.append(event_head_, 1).append(json);
  if (recovery_ && kind == '2' && json.front() == '[') {
    packet.pop_back();
    packet.append(recovery_->count(json, offsets));
  }
  out_->send({}, packet);
  for (auto x : what.attachments)
    out_->send_binary(x);
}

void socket_io_client::keep_early(early_packet packet) {
  if (state_ == state::closed)
    return;
  early_bytes_ += packet.text.size();
  if (early_bytes_ > max_early_bytes_)
    return close({close_code::slow_consumer, "too many bytes wait to be sent"});
  early_.push_back(std::move(packet));
}

void socket_io_client::hurry() {
  if (out_)
    out_->hurry();
}

bool socket_io_client::has_room(std::size_t bytes) {
  if (state_ == state::connecting)
    wants_room_ = true;
  return state_ == state::connected && out_->has_room(bytes);
}

bool socket_io_client::has_input() const {
  return out_ && out_->has_input();
}

void socket_io_client::close(const close_reason& why) {
  if (state_ == state::closed)
    return;
  early_.clear();
  auto comes_again = may_reconnect(why.code);
  auto was_connected = state_ == state::connected;
  if (was_connected)
    say_end(why);
  settle(comes_again);
  state_ = state::closed;
  if (comes_again)
    owner_->end(why);
  else if (was_connected)
    write('1', {});
  else
    write('4', R"({"message":)" + to_json(why.reason) + "}");
  leave(why);
}

void socket_io_client::say_end(const close_reason& why) {
  std::string text{R"(["close",{"code":)" + std::to_string(why.code)
                   + R"(,"reason":)"};
  append_json(text, why.reason);
  write_event(text.append("}]"), {});
}

void socket_io_client::leave(const close_reason& why) {
  // Not from here: it may be the actor that closes.
  out_->thread().call_later([self = shared_from_this(), why] {
    if (!self->out_)
      return;
    auto of = self->owner_;
    self->disconnected(why, false);
    if (of != nullptr)
      of->left(*self);
  });
}

// -- recovery -----------------------------------------------------------------

void socket_io_client::let_in() {
  state_ = state::connected;
  auto text = R"({"sid":")" + connection_id_ + '"';
  if (recovery_) {
    recovery_->all.add(recovery_->pid, {weak_from_this(), &out_->thread()});
    text.append(R"(,"pid":")").append(recovery_->pid).push_back('"');
  }
  write('0', text.append("}"));
  for (auto& x : std::exchange(early_, {}))
    if (x.offsets)
      write_event(x.text, *x.offsets);
    else if (is_laden(x.text))
      write_laden(x.text, {});
    else
      out_->send({}, x.text);
  if (std::exchange(wants_room_, false))
    // Not from here: it may be the actor that calls.
    out_->thread().call_later(
      [self = shared_from_this()] { self->relieved(); });
}

void socket_io_client::look_for_kept(bool again) {
  if (state_ != state::connecting)
    return;
  auto& all = recovery_->all;
  auto& pid = recovery_->shown;
  auto& home = out_->thread();
  // In this order: it may go just now.
  auto other = all.find(pid);
  auto who = other.who.lock();
  auto kept = all.take(pid, where_, home.now());
  if (who && who->where() == where_ && !kept && !again)
    return other.thread->call_later([who, self = shared_from_this(), &home] {
      who->supersede();
      home.call_later([self] { self->look_for_kept(true); });
    });
  if (auto what = kept ? recovery_->begin(std::move(*kept)) : std::nullopt) {
    // It may be lost, and come again, before it has recovered.
    all.add(pid, {weak_from_this(), &home});
    return feed_.recover(std::move(*what),
                         [self = shared_from_this()](bool has_recovered) {
                           self->recovered(has_recovered);
                         });
  }
  let_in();
  feed_.start_anew();
}

void socket_io_client::recovered(bool all) {
  if (state_ != state::connecting)
    return;
  recovery_->finish(all);
  let_in();
}

void socket_io_client::settle(bool comes_again) {
  if (!recovery_)
    return;
  auto now = out_->thread().now();
  if (state_ == state::connecting)
    return recovery_->end_early(comes_again, now);
  std::optional<kept_client> what;
  if (comes_again && feed_)
    what = feed_.keep();
  recovery_->end(std::move(what), where_, now);
}

} // namespace flamigo::detail
