#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <caf/behavior.hpp>
#include <caf/detail/type_erased_tuple_view.hpp>
#include <caf/type_erased_tuple.hpp>

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/schema/schema.hpp"
#include "flamigo/strategy/detail/required_member.hpp"
#include "flamigo/strategy/detail/strategy_handler.hpp"

namespace flamigo {

/// The inputs that a `caf::behavior` takes as a strategy, in the order in
/// which a payload is tried on them.
template <class... Inputs>
struct accepts {};

/// The results that it may answer with, besides nothing and an error.
template <class... Outputs>
struct returns {};

} // namespace flamigo

namespace flamigo::detail {

/// One input of a strategy that was given as a CAF behavior. The handlers of
/// the behavior are picked by CAF, with (context, input) or (input).
template <class Input, class... Outputs>
class behavior_handler final : public strategy_handler {
  static_assert(json_readable<Input>,
                "an input in accepts<...> cannot be read from JSON: describe "
                "the struct with BOOST_DESCRIBE_STRUCT");
  static_assert((json_writable<Outputs> && ...),
                "an output in returns<...> cannot be written as JSON: describe "
                "the struct with BOOST_DESCRIBE_STRUCT");
  static_assert(ends_quietly<Input, Outputs...>,
                "what this strategy takes or returns may throw when it is "
                "destroyed, which would end the program: make its destructor "
                "noexcept");

public:
  explicit behavior_handler(caf::behavior bhvr) : behavior_(std::move(bhvr)) {
  }

  std::string input() const override {
    return type_name<Input>();
  }

  std::string output() const override {
    std::string names;
    ((names += (names.empty() ? "" : " | ") + type_name<Outputs>()), ...);
    return names.empty() ? "none" : names;
  }

  std::string defaults() const override {
    return default_members<Input>();
  }

  bool requires_member(std::string_view name,
                       const std::type_info& type) const override {
    return detail::requires_member<Input>(name, type);
  }

  kind_finder kinds_in() const noexcept override {
    return kinds_of<Input>();
  }

  bytes_finder bytes_in() const noexcept override {
    return finder_of<Input>();
  }

  schema_function input_schema() const noexcept override {
    return flamigo::input_schema<Input>;
  }

  std::vector<schema_function> output_schemas() const override {
    return {output_schema<Outputs>...};
  }

  bytes_finder bytes_out() const noexcept override {
    if constexpr (sizeof...(Outputs) == 1)
      return (finder_of<Outputs>(), ...);
    else
      return nullptr;
  }

private:
  outcome run(context& ctx, std::string& out) const override {
    Input in{};
    if (auto err = ctx.read_payload(in))
      return outcome::mismatch(std::move(err));
    // Views: CAF matches on them as on a message, but nothing is copied.
    caf::detail::type_erased_tuple_view<context, Input> both{ctx, in};
    auto res = behavior_(both);
    if (!res && !ctx.deferred()) {
      caf::detail::type_erased_tuple_view<Input> alone{in};
      res = behavior_(alone);
    }
    if (ctx.deferred())
      return res ? late(*res) : outcome::deferred();
    if (!res)
      return outcome::mismatch(make_error(
        errc::invalid_payload, "no handler takes a " + type_name<Input>()));
    return write(*res, out);
  }

  /// After make_promise only an error says something.
  static outcome late(const caf::message& res) {
    return res.match_elements<caf::error>() && res.get_as<caf::error>(0)
             ? outcome::failed(res.get_as<caf::error>(0))
             : outcome::deferred();
  }

  static outcome write(const caf::message& res, std::string& out) {
    if (res.match_elements<caf::error>())
      return outcome::failed(res.get_as<caf::error>(0));
    if (res.empty() || res.match_elements<caf::unit_t>()) {
      out += "null";
      return outcome::done();
    }
    auto matched = ((res.match_elements<Outputs>()
                       ? (append_json(out, res.get_as<Outputs>(0)), true)
                       : false)
                    || ...);
    if (matched)
      return outcome::done();
    return outcome::failed(internal_error(
      "the behavior answered with a type that returns<...> does not list"));
  }

  mutable caf::behavior behavior_;
};

} // namespace flamigo::detail
