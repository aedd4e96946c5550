#include "flamigo/http/detail/plain_task.hpp"

#include <utility>

#include "flamigo/http/detail/held_task.hpp"

namespace flamigo::detail {

plain_task::plain_task(http_handler handler) : handler_(std::move(handler)) {
}

void plain_task::begin(context&, const std::shared_ptr<held_task>& what) const {
  what->answer(handler_(what->request));
}

} // namespace flamigo::detail
