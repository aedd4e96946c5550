#include "flamigo/engineio/detail/engine_socket.hpp"

#include <string>
#include <utility>

namespace flamigo::detail {

engine_socket::engine_socket(server_core& core, io_thread& thread,
                             stream_socket socket)
  : message_socket(core, thread, std::move(socket)) {
}

engine_socket::~engine_socket() = default;

bool engine_socket::start(const parsed_request& req) {
  return answer(req);
}

void engine_socket::read_for(std::shared_ptr<user> who,
                             std::string_view early) {
  user_ = std::move(who);
  begin(early);
}

void engine_socket::send_message(std::string_view head, std::string_view rest,
                                 std::string_view tail) {
  send_parts({"4", head, rest, tail});
}

void engine_socket::look() {
  auto keep = shared();
  if (is_open())
    catch_up();
}

void engine_socket::drain() {
  // nop
}

void engine_socket::on_message(std::string_view what, bool binary) {
  if (auto who = user_)
    who->came(*this, what, binary);
}

void engine_socket::on_relieved() {
  if (auto who = user_)
    who->relieved(*this);
}

void engine_socket::on_waiting(std::size_t bytes) {
  if (user_)
    user_->waits(*this, bytes);
}

void engine_socket::on_ended(const close_reason& why) {
  if (auto who = std::exchange(user_, nullptr))
    who->gone(*this, why);
}

} // namespace flamigo::detail
