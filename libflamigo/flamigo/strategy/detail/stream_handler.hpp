#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "flamigo/context/detail/context_loan.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/detail/function_handler.hpp"
#include "flamigo/task/detail/json_stream.hpp"

namespace flamigo::detail {

/// Why a stream was refused.
caf::error not_in_parts(std::string_view name);

// g++ minds that its frame has items of a type that only one file knows.
#if defined(__GNUC__) && !defined(__clang__)
#  pragma GCC diagnostic push
#  pragma GCC diagnostic ignored "-Wsubobject-linkage"
#endif

/// The items of a stream as JSON. What the handler has captured is used as long
/// as the stream is there.
template <class T>
json_stream json_of(std::shared_ptr<const void>, stream<T> rows) {
  // It goes before the handler does.
  auto mine = std::move(rows);
  std::string text;
  for (;;) {
    auto row = co_await mine.look_at_next();
    if (!row)
      co_yield row.error();
    else if (*row == nullptr)
      co_return;
    text.clear();
    append_json(text, **row);
    co_yield std::string_view{text};
  }
}

#if defined(__GNUC__) && !defined(__clang__)
#  pragma GCC diagnostic pop
#endif

/// A handler that returns a stream. Nothing of it runs before the first item is
/// asked for.
template <class F>
class stream_handler final : public function_handler<F> {
public:
  using traits = handler_traits<F>;

  explicit stream_handler(F fun) : fun_(std::make_shared<F>(std::move(fun))) {
  }

  bool streams() const noexcept override {
    return true;
  }

private:
  outcome run(context& ctx, std::string&) const override {
    auto who = traits::who::find(ctx);
    if (auto err = traits::who::check(who))
      return outcome::failed(std::move(err));
    if constexpr (traits::wants_input) {
      typename traits::input in{};
      if (auto err = ctx.read_payload(in))
        return outcome::mismatch(std::move(err));
      return begin(ctx, who, std::move(in));
    } else {
      return begin(ctx, who);
    }
  }

  template <class Who, class... In>
  outcome begin(context& ctx, Who& who, In&&... in) const {
    if (ctx.parts() == nullptr)
      return outcome::failed(not_in_parts(ctx.action()));
    auto each = ctx.for_stream();
    context_loan loan{each};
    typename traits::result rows = std::apply(
      [&](auto&... x) {
        if constexpr (traits::wants_context)
          return (*fun_)(loan.give(), *x..., std::move(in)...);
        else
          return (*fun_)(*x..., std::move(in)...);
      },
      who);
    if (!rows)
      return outcome::failed(
        internal_error("the handler returned a stream that has ended, or was "
                       "moved elsewhere"));
    *ctx.parts() = json_of(fun_, std::move(rows));
    return outcome::streaming();
  }

  std::shared_ptr<F> fun_;
};

template <class F>
constexpr bool returns_stream() {
  if constexpr (has_one_call_operator<F>)
    return is_stream<std::decay_t<result_of<F>>>;
  else
    return false;
}

/// Whether a handler answers in parts.
template <class F>
inline constexpr bool answers_with_stream = returns_stream<F>();

} // namespace flamigo::detail
