#pragma once

#include <memory>
#include <string>
#include <tuple>
#include <utility>

#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/strategy/detail/function_handler.hpp"
#include "flamigo/task/detail/send_answer.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo::detail {

/// A handler that returns a task, as a coroutine does. It runs at once; if it
/// waits, its actor has it from then on, and the answer comes later.
template <class F>
class task_handler final : public function_handler<F> {
public:
  using traits = handler_traits<F>;

  using output = typename traits::output;

  explicit task_handler(F fun) : fun_(std::make_shared<F>(std::move(fun))) {
  }

  /// Makes the coroutine as the handler of a CAF message, which has no strategy
  /// to answer; `function` outlives it.
  template <class In>
  task<output> make(context_loan& loan, In& in) const {
    std::tuple<> nobody;
    return call(loan, nobody, std::move(in));
  }

  const std::shared_ptr<F>& function() const noexcept {
    return fun_;
  }

private:
  outcome run(context& ctx, std::string& out) const override {
    auto who = traits::who::find(ctx);
    if (auto err = traits::who::check(who))
      return outcome::failed(std::move(err));
    if constexpr (traits::wants_input) {
      typename traits::input in{};
      if (auto err = ctx.read_payload(in))
        return outcome::mismatch(std::move(err));
      return begin(ctx, out, [&](context_loan& loan) {
        return call(loan, who, std::move(in));
      });
    } else {
      return begin(ctx, out,
                   [&](context_loan& loan) { return call(loan, who); });
    }
  }

  template <class Who, class... In>
  auto call(context_loan& loan, Who& who, In&&... in) const {
    return std::apply(
      [&](auto&... x) {
        if constexpr (traits::wants_context)
          return (*fun_)(loan.give(), *x..., std::move(in)...);
        else
          return (*fun_)(*x..., std::move(in)...);
      },
      who);
  }

  template <class Call>
  outcome begin(context& ctx, std::string& out, Call call) const {
    context_loan loan{ctx};
    task<output> what = call(loan);
    if (!what)
      return outcome::failed(
        internal_error("the handler returned a task that was moved elsewhere"));
    auto& promise = what.promise();
    auto ended = promise.begin_as_root(ctx.self(), ctx.latest_end());
    if (ended)
      return write(promise.result(), out);
    loan.settle();
    auto& root = promise.own_root();
    if (root.is_orphaned())
      return outcome::failed(
        make_error(errc::unavailable, "", "the actor that ran it has ended"));
    root.answer_to = ctx.defer_to();
    root.runs(ctx.state());
    root.span = ctx.span();
    // What it has captured is used as long as the frame is there.
    root.handler = fun_;
    promise.keep(finish);
    what.release();
    return outcome::deferred();
  }

  static outcome write(caf::expected<output> res, std::string& out) {
    if (!res)
      return outcome::failed(std::move(res.error()));
    if constexpr (std::is_void_v<output>)
      out += "null";
    else
      append_json(out, *res);
    return outcome::done();
  }

  /// What has waited has ended.
  static void finish(root_task& of) noexcept {
    guarded_or_logged(
      [&] {
        auto failure = guarded([&] { return answer(of); },
                               [](caf::error why) { return why; });
        if (failure)
          send_answer(of, std::move(failure));
      },
      [] { return std::string{"the answer of a coroutine"}; });
  }

  static caf::error answer(root_task& of) {
    auto res = static_cast<task_promise<output>&>(of.task).result();
    if (!res)
      return std::move(res.error());
    // Whoever has asked is told so, or has been, whatever it has come to.
    if (of.stopped())
      return of.stopped();
    if constexpr (std::is_void_v<output>)
      send_answer(of, std::string{"null"});
    else
      send_answer(of, to_json(*res));
    return {};
  }

  // A domain actor's handlers may be mutable; inline ones are checked where
  // they are registered.
  std::shared_ptr<F> fun_;
};

} // namespace flamigo::detail
