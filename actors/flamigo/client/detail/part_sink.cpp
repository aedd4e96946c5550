#include "flamigo/client/detail/part_sink.hpp"

#include <cstddef>
#include <utility>

namespace flamigo::detail {

void part_sink::queue::make_room() {
  std::size_t count = 0;
  for (auto* i = first_; i != nullptr; i = i->next_)
    ++count;
  for (; count > 0 && first_ != nullptr; --count) {
    auto* first = first_;
    first->unlink();
    first->has_room();
  }
}

part_sink** part_sink::queue::place(const part_sink* of) noexcept {
  auto* at = &first_;
  while (*at != of)
    at = &(*at)->next_;
  return at;
}

part_sink::part_sink(client_output& out, queue& waits, strategy_ptr what,
                     std::string_view ack_id)
  : out_(out), queue_(waits), what_(std::move(what)), ack_id_(ack_id) {
}

part_sink::~part_sink() {
  unlink();
}

bool part_sink::put(std::string_view json) {
  if (out_.part(what_->name(), json, ack_id_, what_->bytes_out()))
    return true;
  link();
  return false;
}

void part_sink::flush() {
  out_.hurry();
}

void part_sink::link() noexcept {
  if (!std::exchange(waits_, true))
    *queue_.place(nullptr) = this;
}

void part_sink::unlink() noexcept {
  if (std::exchange(waits_, false))
    *queue_.place(this) = std::exchange(next_, nullptr);
}

} // namespace flamigo::detail
