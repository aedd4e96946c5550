#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "flamigo/schema/schema.hpp"
#include "flamigo/strategy/detail/handler_traits.hpp"
#include "flamigo/strategy/detail/required_member.hpp"
#include "flamigo/strategy/detail/strategy_handler.hpp"

namespace flamigo::detail {

/// A handler whose types are read off a lambda or a function.
template <class F>
class function_handler : public strategy_handler {
public:
  using traits = handler_traits<F>;

  std::string input() const override {
    if constexpr (traits::wants_input)
      return type_name<typename traits::input>();
    else
      return "none";
  }

  std::string output() const override {
    if constexpr (std::is_void_v<typename traits::output>)
      return "none";
    else
      return type_name<typename traits::output>();
  }

  std::string defaults() const override {
    return default_members<typename traits::input>();
  }

  bool requires_member(std::string_view name,
                       const std::type_info& type) const override {
    return detail::requires_member<typename traits::input>(name, type);
  }

  kind_finder kinds_in() const noexcept override {
    return kinds_of<typename traits::input>();
  }

  bytes_finder bytes_in() const noexcept override {
    return finder_of<typename traits::input>();
  }

  bytes_finder bytes_out() const noexcept override {
    return finder_of<typename traits::output>();
  }

  schema_function input_schema() const noexcept override {
    if constexpr (traits::wants_input)
      return flamigo::input_schema<typename traits::input>;
    else
      return nullptr;
  }

  std::vector<schema_function> output_schemas() const override {
    if constexpr (std::is_void_v<typename traits::output>)
      return {};
    else
      return {output_schema<typename traits::output>};
  }
};

} // namespace flamigo::detail
