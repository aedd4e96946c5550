#include "flamigo/http/detail/held_task.hpp"

#include <utility>

#include "flamigo/http/detail/request_runner.hpp"

namespace flamigo::detail {

held_task::held_task(owner& waiting, io_thread& thread, request_runner& runner,
                     const http_task_handler& mounted, http_request what,
                     std::string_view text, claims_ptr sender)
  : held_request(waiting, thread, what.method + " " + what.path),
    handler(mounted), request(std::move(what)), body(text),
    who(std::move(sender)), runner_(runner) {
}

held_task::~held_task() = default;

void held_task::abandoned() {
  if (call)
    runner_.stop(call);
}

} // namespace flamigo::detail
