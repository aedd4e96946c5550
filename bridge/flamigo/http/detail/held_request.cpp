#include "flamigo/http/detail/held_request.hpp"

#include <utility>

namespace flamigo::detail {

held_request::held_request(owner& waiting, const http_task_handler& mounted,
                           http_request what, std::string_view text,
                           claims_ptr sender)
  : handler(mounted), name(what.method + " " + what.path),
    request(std::move(what)), body(text), who(std::move(sender)),
    owner_(&waiting) {
}

held_request::~held_request() = default;

void held_request::answer(caf::expected<http_response> what) {
  if (auto to = std::exchange(owner_, nullptr))
    to->answered(std::move(what));
}

} // namespace flamigo::detail
