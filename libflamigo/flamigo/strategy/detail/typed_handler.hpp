#pragma once

#include <string>
#include <tuple>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/strategy/detail/function_handler.hpp"

namespace flamigo::detail {

/// A handler given as a typed lambda or function.
template <class F>
class typed_handler final : public function_handler<F> {
public:
  using traits = handler_traits<F>;

  explicit typed_handler(F fun) : fun_(std::move(fun)) {
  }

  /// Runs it as the handler of a CAF message, whose answer it returns.
  template <class In>
  caf::result<typename traits::output> handle(context& ctx, In& in) const {
    using param = typename traits::param;
    if constexpr (std::is_void_v<typename traits::result>) {
      call(ctx, std::forward<param>(in));
      return caf::unit;
    } else if constexpr (std::is_same_v<typename traits::result, caf::error>) {
      auto why = call(ctx, std::forward<param>(in));
      if (why)
        return why;
      return caf::unit;
    } else {
      return call(ctx, std::forward<param>(in));
    }
  }

private:
  // Functions that hand on what they were given, and no lambdas: each of those
  // would be a type of its own in every handler.

  outcome run(context& ctx, std::string& out) const override {
    if constexpr (traits::asks_who) {
      auto who = traits::who::find(ctx);
      if (auto err = traits::who::check(who))
        return outcome::failed(std::move(err));
      return std::apply([&](auto&... x) { return bind(ctx, out, *x...); }, who);
    } else {
      return bind(ctx, out);
    }
  }

  template <class... Who>
  outcome bind(context& ctx, std::string& out, Who&... who) const {
    if constexpr (traits::wants_input) {
      typename traits::input in{};
      if (auto err = ctx.read_payload(in))
        return outcome::mismatch(std::move(err));
      return finish(ctx, out, who..., std::forward<typename traits::param>(in));
    } else {
      return finish(ctx, out, who...);
    }
  }

  template <class... Args>
  decltype(auto) call(context& ctx, Args&&... args) const {
    if constexpr (traits::wants_context)
      return fun_(ctx, std::forward<Args>(args)...);
    else
      return fun_(std::forward<Args>(args)...);
  }

  template <class... Args>
  outcome finish(context& ctx, std::string& out, Args&&... args) const {
    if constexpr (std::is_void_v<typename traits::result>) {
      call(ctx, std::forward<Args>(args)...);
      return ctx.deferred() ? outcome::deferred() : null(out);
    } else {
      decltype(auto) res = call(ctx, std::forward<Args>(args)...);
      return ctx.deferred() ? late(res) : write(res, out);
    }
  }

  // -- after make_promise, where only an error says something ----------------

  template <class T>
  static outcome late(const T&) {
    return outcome::deferred();
  }

  static outcome late(const caf::error& res) {
    return res ? outcome::failed(res) : outcome::deferred();
  }

  template <class T>
  static outcome late(const caf::expected<T>& res) {
    return res ? outcome::deferred() : outcome::failed(res.error());
  }

  template <class T>
  static outcome late(const caf::result<T>& res) {
    return res.flag == caf::rt_error ? late(res.err) : outcome::deferred();
  }

  // -- the result as JSON -----------------------------------------------------

  static outcome null(std::string& out) {
    out += "null";
    return outcome::done();
  }

  static outcome write(const caf::error& res, std::string& out) {
    return res ? outcome::failed(res) : null(out);
  }

  template <class T>
  static outcome write(const caf::expected<T>& res, std::string& out) {
    if (!res)
      return outcome::failed(res.error());
    if constexpr (std::is_void_v<typename traits::output>)
      return null(out);
    else
      return write(*res, out);
  }

  template <class T>
  static outcome write(const caf::result<T>& res, std::string& out) {
    switch (res.flag) {
      case caf::rt_error:
        // `return f();` where f returns a caf::error that may be none.
        if constexpr (std::is_void_v<typename traits::output>)
          if (!res.err)
            return null(out);
        return outcome::failed(res.err);
      case caf::rt_value:
        if constexpr (std::is_void_v<typename traits::output>)
          return null(out);
        else
          return write(res.value.template get_as<T>(0), out);
      case caf::rt_skip:
        return outcome::mismatch(
          make_error(errc::invalid_payload, "the payload was not accepted"));
      default:
        return outcome::failed(
          internal_error("the handler returned a promise that the context did "
                         "not make; use context::make_promise"));
    }
  }

  template <class T>
  static outcome write(const response_promise<T>&, std::string&) {
    return outcome::failed(
      internal_error("the handler returned another call's promise"));
  }

  static outcome write(const caf::unit_t&, std::string& out) {
    return null(out);
  }

  template <class T>
  static outcome write(const T& res, std::string& out) {
    append_json(out, res);
    return outcome::done();
  }

  // `mutable`, since a domain actor's handlers may keep state of their own;
  // inline ones are checked where they are registered.
  mutable F fun_;
};

} // namespace flamigo::detail
