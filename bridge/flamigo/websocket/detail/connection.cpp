#include "flamigo/websocket/detail/connection.hpp"

#include <utility>

#include <caf/send.hpp>

#include "flamigo/client/client_atoms.hpp"
#include "flamigo/http/detail/traceparent.hpp"
#include "flamigo/websocket/detail/frame_bits.hpp"
#include "flamigo/websocket/detail/upgrade_token.hpp"

namespace flamigo::detail {

connection::connection(server_core& core, io_thread& thread,
                       stream_socket socket)
  : message_socket(core, thread, std::move(socket)),
    heartbeat_(core.options.ping_interval, core.options.pong_timeout,
               thread.now()) {
}

connection::~connection() = default;

void connection::start(const client_environment& env, const parsed_request& req,
                       claims_ptr who, std::string_view early) {
  if (!answer(req))
    return;
  auto& auth = env.auth;
  auto self = std::static_pointer_cast<connection>(shared_from_this());
  feed_ = client_feed{env,
                      &thread_,
                      std::move(self),
                      std::move(who),
                      auth ? token_of(req, auth->options.cookie)
                           : std::string{},
                      false,
                      traceparent_of(req)};
  begin(early);
}

// -- transport ----------------------------------------------------------------

void connection::send(std::string_view text) {
  message_socket::send(text);
}

void connection::close(const close_reason& why) {
  message_socket::close(why);
}

void connection::hurry() {
  message_socket::hurry();
}

bool connection::has_input() const {
  return message_socket::has_input();
}

bool connection::has_room(std::size_t bytes) {
  return message_socket::has_room(bytes);
}

void connection::drain() {
  if (feed_)
    caf::anon_send(feed_.client(), drain_atom_v);
}

// -- message_socket -----------------------------------------------------------

void connection::on_message(std::string_view what, bool binary) {
  if (binary)
    close({close_code::unsupported_data,
           "binary messages are not supported, send text"});
  else
    feed_.message(what);
}

void connection::on_relieved() {
  feed_.relieved();
}

void connection::on_waiting(std::size_t bytes) {
  if (feed_)
    feed_.waits(bytes);
}

void connection::on_ended(const close_reason& why) {
  std::exchange(feed_, {}).closed(why);
}

void connection::on_heard(time_point now) {
  heartbeat_.heard(now);
}

bool connection::is_overdue(time_point now) const {
  return heartbeat_.overdue(now);
}

void connection::on_tick(time_point now) {
  switch (heartbeat_.tick(now)) {
    case heartbeat::action::none:
      break;
    case heartbeat::action::ping:
      write_frame(frame_bits::ping, {});
      break;
    case heartbeat::action::give_up:
      close({close_code::no_pong, "no answer to a ping"});
  }
}

} // namespace flamigo::detail
