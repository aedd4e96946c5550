#include "flamigo/websocket/detail/message_reader.hpp"

#include "flamigo/websocket/detail/frame_input.hpp"

namespace flamigo::detail {

message_reader::message_reader(io_thread& thread)
  : thread_(thread), stream_(thread.context().get_executor(), nullptr) {
}

void message_reader::open() {
  open_silently(stream_);
  read_on();
}

void message_reader::read_on() {
  // What waits inside the stream must not keep alive what the stream is part
  // of: Beast may hold an operation back for good.
  stream_.async_read_some(net::buffer(thread_.message_buffer()),
                          [weak = weak_from_this()](error_code ec,
                                                    std::size_t size) {
                            if (auto self = weak.lock())
                              self->on_read(ec, size);
                          });
}

void message_reader::on_read(error_code ec, std::size_t size) {
  if (user_ == nullptr)
    return;
  if (ec)
    return user_->on_broken(ec);
  user_->on_piece({{thread_.message_buffer().data(), size},
                   stream_.is_message_done(),
                   stream_.got_binary()});
  // It may have let go meanwhile.
  if (user_ == nullptr)
    return;
  read_on();
  if (is_waiting())
    user_->on_waiting();
}

} // namespace flamigo::detail
