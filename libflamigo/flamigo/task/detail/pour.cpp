#include "flamigo/task/detail/pour.hpp"

#include <string>
#include <utility>

#include <caf/event_based_actor.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/task/detail/begin_task.hpp"
#include "flamigo/task/detail/due_in.hpp"
#include "flamigo/task/detail/root_task.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

namespace {

/// Waits for the next item to pour.
class next_to_pour : private stream_reader<std::string_view> {
  using super = stream_reader<std::string_view>;

public:
  next_to_pour(json_stream& of, item_sink& to, caf::timespan each) noexcept
    : super(of), to_(to), each_(each) {
  }

  using super::await_ready;

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    root_ = who.promise().root;
    root_->allow(due_in(root_->self->clock(), each_));
    auto waits = super::await_suspend(who);
    if (waits)
      guarded_or_logged([this] { to_.flush(); },
                        [] { return std::string{"items of a stream"}; });
    return waits;
  }

  caf::expected<const std::string_view*> await_resume() {
    auto result = super::await_resume();
    // Whoever has asked is told so, whatever the stream has come to.
    if (root_ != nullptr && root_->stopped())
      return root_->stopped();
    return result;
  }

private:
  item_sink& to_;
  caf::timespan each_;
  root_task* root_ = nullptr;
};

task<void> hand_on(json_stream rows, item_sink& to, caf::timespan each) {
  for (;;) {
    next_to_pour next{rows, to, each};
    auto row = co_await next;
    if (!row)
      co_return row.error();
    if (*row == nullptr)
      co_return ok;
    while (!to.put(**row)) {
      room_waiter room{to};
      if (auto why = co_await room)
        co_return why;
    }
  }
}

void finish(root_task& of) noexcept {
  guarded_or_logged(
    [&] {
      auto to = static_cast<item_sink*>(const_cast<void*>(of.handler.get()));
      to->end(of, failure_of(of));
    },
    [] { return std::string{"the end of a stream"}; });
}

} // namespace

std::optional<caf::error>
pour(caf::event_based_actor& self, json_stream rows,
     std::shared_ptr<item_sink> to, caf::timespan each,
     std::shared_ptr<call_state> call, const reply_address& answer_to) {
  auto& sink = *to;
  auto running = hand_on(std::move(rows), sink, each);
  auto& promise = running.promise();
  if (promise.begin_as_root(&self, due_in(self.clock(), each)))
    return failure_of(promise.own_root());
  auto& root = promise.own_root();
  if (root.is_orphaned())
    return make_error(errc::unavailable, "", "the actor that ran it has ended");
  root.answer_to = answer_to;
  root.runs(std::move(call));
  root.handler = std::move(to);
  sink.kept(root);
  promise.keep(finish);
  running.release();
  return std::nullopt;
}

} // namespace flamigo::detail
