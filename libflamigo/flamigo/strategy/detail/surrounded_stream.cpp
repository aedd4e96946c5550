#include "flamigo/strategy/detail/surrounded_stream.hpp"

#include <utility>

#include <caf/event_based_actor.hpp>

#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/task/detail/pour.hpp"
#include "flamigo/task/detail/running_tasks.hpp"

namespace flamigo::detail {

// -- reading ------------------------------------------------------------------

/// Waits for what comes next.
class surrounded_stream::reader : public awaitable_tag, private waiter {
public:
  explicit reader(surrounded_stream& of) noexcept : of_(of) {
  }

  ~reader() override {
    reader::withdraw();
  }

  bool await_ready() noexcept {
    return of_.ask();
  }

  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> who) noexcept {
    if (!wait(who.promise()))
      return false;
    of_.reader_ = this;
    return true;
  }

  /// Null at the end.
  caf::expected<const std::string_view*> await_resume() noexcept {
    if (error())
      return std::move(error());
    if (of_.has_item_) {
      of_.is_shown_ = true;
      return &of_.item_;
    }
    if (of_.error_)
      return std::move(of_.error_);
    return static_cast<const std::string_view*>(nullptr);
  }

  void go_on() noexcept {
    wake();
  }

private:
  void withdraw() noexcept override {
    if (of_.reader_ == this)
      of_.reader_ = nullptr;
  }

  surrounded_stream& of_;
};

/// What is read ends with this.
class surrounded_stream::read_section {
public:
  read_section(surrounded_stream& what, const context& of) noexcept
    : what_(what), of_(of) {
  }

  read_section(const read_section&) = delete;

  read_section& operator=(const read_section&) = delete;

  ~read_section() {
    if (why_ == errc::none)
      why_ = of_.ends_by();
    what_.close(why_ != errc::none ? why_ : errc::cancelled);
  }

  void ends_with(const caf::error& why) {
    if (code_of(why) == to_string(errc::timeout))
      why_ = errc::timeout;
  }

private:
  surrounded_stream& what_;
  const context& of_;
  errc why_ = errc::none;
};

json_stream
surrounded_stream::items(std::shared_ptr<const around_function> what,
                         std::shared_ptr<const strategy_handlers> rest,
                         context of) {
  auto shared = std::make_shared<surrounded_stream>(std::move(what));
  read_section reading{*shared, of};
  shared->begin(std::move(rest), of);
  for (;;) {
    reader next{*shared};
    auto item = co_await next;
    if (!item) {
      reading.ends_with(item.error());
      co_yield item.error();
    } else if (*item == nullptr) {
      co_return;
    }
    co_yield **item;
  }
}

bool surrounded_stream::ask() noexcept {
  if (std::exchange(is_shown_, false)) {
    has_item_ = false;
    if (!has_ended_) {
      is_taken_ = true;
      has_room();
    }
  }
  return has_item_ || has_ended_;
}

void surrounded_stream::wake() noexcept {
  if (auto who = std::exchange(reader_, nullptr))
    who->go_on();
}

void surrounded_stream::close(errc why) noexcept {
  closed_ = why;
  // With its actor it ends without being told.
  if (ground_ == nullptr || ground_->ended())
    return;
  auto error = guarded([&] { return make_error(why); },
                       [](caf::error thrown) { return thrown; });
  auto here = shared_from_this();
  if (call_)
    call_state::stop(call_, why);
  if (around_ != nullptr)
    around_->stop(error);
  if (pouring_ != nullptr)
    pouring_->stop(error);
}

// -- what is around -----------------------------------------------------------

void surrounded_stream::begin(std::shared_ptr<const strategy_handlers> rest,
                              const context& of) {
  auto self = of.self();
  ground_ = running_tasks::of(self);
  // Of its own, so that it ends when nobody reads, whatever its caller does.
  nested_port port{*self};
  auto inner = of.inside(port);
  context_loan loan{inner};
  auto running = (*what_)(loan.give(),
                          next{std::move(rest), shared_from_this()});
  if (!running)
    return finish(internal_error("a function given to around returned a task "
                                 "that was moved elsewhere"));
  auto& promise = running.promise();
  // From item to item the time is measured by who reads.
  if (promise.begin_as_root(self, root_task::time_point::max()))
    return finish(promise.result());
  loan.settle();
  auto& root = promise.own_root();
  if (root.is_orphaned())
    return finish(
      make_error(errc::unavailable, "", "the actor that ran it has ended"));
  call_ = inner.state();
  root.runs(call_);
  root.handler = shared_from_this();
  around_ = &root;
  promise.keep([](root_task& ended) noexcept {
    auto me
      = static_cast<surrounded_stream*>(const_cast<void*>(ended.handler.get()));
    me->around_ = nullptr;
    guarded_or_logged(
      [&] {
        me->finish(static_cast<task_promise<raw_json>&>(ended.task).result());
      },
      [] { return std::string{"what is around a stream"}; });
  });
  running.release();
}

void surrounded_stream::finish(caf::expected<raw_json> answer) {
  has_ended_ = true;
  if (!answer)
    error_ = std::move(answer.error());
  else if (answer->text != "null")
    error_ = internal_error("a function given to around has answered with a "
                            "value in place of a stream, which has only its "
                            "items: end it with what next(ctx) gives, or with "
                            "an error");
  wake();
}

// -- the rest -----------------------------------------------------------------

void surrounded_stream::take(begun_call& call, json_stream rows,
                             const context& of, nested_port& port) {
  if (is_poured_) {
    call.error = internal_error("next(ctx) was called while the stream that it "
                                "gives goes on: await the first one before");
    return;
  }
  is_poured_ = true;
  auto to = port.defer();
  auto state = of.state();
  auto ended = pour(*of.self(), std::move(rows), shared_from_this(),
                    of.time_of_item(), state, to);
  if (ended) {
    is_poured_ = false;
    call.error = std::move(*ended);
    call.reply = "null";
    return;
  }
  call.id = to.id;
  // It lasts as long as there are items.
  call.deadline = context::time_point::max();
  call.state = std::move(state);
  if (closed_ != errc::none && pouring_ != nullptr)
    pouring_->stop(make_error(closed_));
}

bool surrounded_stream::put(std::string_view json) {
  if (closed_ != errc::none)
    return false;
  if (std::exchange(is_taken_, false))
    return true;
  item_ = json;
  has_item_ = true;
  wake();
  return closed_ == errc::none && std::exchange(is_taken_, false);
}

void surrounded_stream::kept(root_task& by) noexcept {
  pouring_ = &by;
}

void surrounded_stream::end(root_task& by, caf::error why) {
  pouring_ = nullptr;
  is_poured_ = false;
  item_sink::end(by, std::move(why));
}

} // namespace flamigo::detail
