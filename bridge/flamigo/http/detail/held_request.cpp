#include "flamigo/http/detail/held_request.hpp"

#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/io/detail/io_thread.hpp"
#include "flamigo/log/detail/log_origin.hpp"

namespace flamigo::detail {

held_request::held_request(owner& waiting, io_thread& thread,
                           std::string called)
  : name(std::move(called)), owner_(&waiting), thread_(thread) {
}

held_request::~held_request() = default;

void held_request::answer(caf::expected<http_response> what) {
  if (begun_)
    return;
  end_step(what ? what->status
                : static_cast<unsigned>(status_of(what.error())));
  log_scope scope{span.get()};
  if (auto to = std::exchange(owner_, nullptr))
    to->answered(std::move(what));
}

void held_request::end_step(unsigned status) noexcept {
  if (span) [[unlikely]]
    span->end_http(status);
}

void held_request::answer_from_anywhere(http_response what) {
  if (thread_.is_here())
    return answer(std::move(what));
  thread_.call_later(
    [self = shared_from_this(), what = std::move(what)]() mutable {
      self->answer(std::move(what));
    });
}

// -- a body in pieces ---------------------------------------------------------

bool held_request::begin(http_response head, body_length length) {
  begun_ = true;
  status_ = head.status;
  if (owner_ != nullptr && !owner_->began(std::move(head), length))
    owner_ = nullptr;
  return owner_ != nullptr;
}

bool held_request::put(std::string_view piece) {
  return owner_ == nullptr || owner_->came(piece);
}

bool held_request::has_room(std::size_t bytes) {
  return owner_ == nullptr || owner_->has_room(bytes);
}

void held_request::hurry() {
  if (owner_ != nullptr)
    owner_->hurry();
}

void held_request::finish() {
  end_step(status_);
  if (auto to = std::exchange(owner_, nullptr))
    to->finished(true);
}

void held_request::break_off() {
  if (auto to = std::exchange(owner_, nullptr))
    to->finished(false);
}

void held_request::relieved() {
  // nop
}

void held_request::waits(std::size_t) noexcept {
  // nop
}

void held_request::tick(resident::time_point) {
  // nop
}

void held_request::drain() {
  // nop
}

void held_request::failed(const caf::error&) {
  // nop
}

// -- the end ------------------------------------------------------------------

void held_request::leave() {
  owner_ = nullptr;
  // As others log a client that has gone.
  end_step(499);
  abandoned();
}

void held_request::expire() {
  answer(make_error(errc::timeout));
  abandoned();
}

} // namespace flamigo::detail
