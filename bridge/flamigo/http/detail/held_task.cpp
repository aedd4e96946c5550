#include "flamigo/http/detail/held_task.hpp"

#include <utility>

#include "flamigo/http/detail/body_sink.hpp"
#include "flamigo/http/detail/request_runner.hpp"
#include "flamigo/task/detail/json_stream.hpp"
#include "flamigo/task/detail/pour.hpp"

namespace flamigo::detail {

namespace {

/// The pieces as texts that stay where they are. What the handler has captured
/// is used as long as they come.
json_stream texts_of(std::shared_ptr<const void>, stream<std::string> pieces) {
  // It goes before the handler does.
  auto mine = std::move(pieces);
  for (;;) {
    auto piece = co_await mine.look_at_next();
    if (!piece)
      co_yield piece.error();
    else if (*piece == nullptr)
      co_return;
    std::string_view text{**piece};
    co_yield text;
  }
}

} // namespace

held_task::held_task(owner& waiting, io_thread& thread, request_runner& runner,
                     const http_task_handler& mounted, http_request what,
                     std::string_view text, request_gate before)
  : held_request(waiting, thread, what.method + " " + what.path),
    handler(mounted), gate(std::move(before)), request(std::move(what)),
    who(request.who), body(text), runner_(runner) {
}

held_task::~held_task() = default;

void held_task::answer_in_pieces(caf::event_based_actor& self,
                                 std::shared_ptr<const void> fun,
                                 std::shared_ptr<call_state> of,
                                 caf::expected<http_stream> what) {
  if (!what)
    return answer(std::move(what.error()));
  auto& in = *what;
  http_response head{
    in.status, std::move(in.content_type), {}, std::move(in.headers)};
  if (!in.body)
    return answer(std::move(head));
  if (!begin(std::move(head)))
    return;
  // Of HEAD, nobody wants the pieces.
  if (name.starts_with("HEAD "))
    return finish();
  auto to = std::make_shared<body_sink>(
    std::static_pointer_cast<held_task>(shared_from_this()));
  auto ended = pour(self, texts_of(std::move(fun), std::move(in.body)), to,
                    runner_.limit(), of, {});
  if (ended)
    to->end(std::move(*ended));
  else
    call = std::move(of);
}

void held_task::make_room() noexcept {
  if (sink_ != nullptr)
    sink_->has_room();
}

void held_task::relieved() {
  runner_.relieve(std::static_pointer_cast<held_task>(shared_from_this()));
}

void held_task::failed(const caf::error& why) {
  runner_.failed(*this, why);
}

void held_task::abandoned() {
  if (call)
    runner_.stop(call);
}

} // namespace flamigo::detail
