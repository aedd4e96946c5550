#include "flamigo/http/detail/held_request.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/io/detail/io_thread.hpp"

namespace flamigo::detail {

held_request::held_request(owner& waiting, io_thread& thread,
                           std::string called)
  : name(std::move(called)), owner_(&waiting), thread_(thread) {
}

held_request::~held_request() = default;

void held_request::answer(caf::expected<http_response> what) {
  if (auto to = std::exchange(owner_, nullptr))
    to->answered(std::move(what));
}

void held_request::answer_from_anywhere(http_response what) {
  if (thread_.is_here())
    return answer(std::move(what));
  net::post(thread_.context(),
            [self = shared_from_this(), what = std::move(what)]() mutable {
              self->thread_.turn([&] { self->answer(std::move(what)); });
            });
}

void held_request::leave() {
  owner_ = nullptr;
  abandoned();
}

void held_request::expire() {
  answer(make_error(errc::timeout));
  abandoned();
}

} // namespace flamigo::detail
