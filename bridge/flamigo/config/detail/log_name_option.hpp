#pragma once

#include <caf/config_value.hpp>

#include "flamigo/log/log.hpp"

namespace flamigo::detail {

/// Lets an option be something of the log that has names: one of them in the
/// file and on the command line.
template <class T>
struct log_name_access {
  static caf::optional<T> get_if(const caf::config_value* x) {
    T result;
    auto name = caf::get_if<std::string>(x);
    if (name != nullptr && log::from_string(*name, result))
      return result;
    return caf::none;
  }

  static bool is(const caf::config_value& x) {
    return static_cast<bool>(get_if(&x));
  }

  static T get(const caf::config_value& x) {
    return *get_if(&x);
  }

  static std::string convert(T x) {
    return to_string(x);
  }

  template <class Nested>
  static void parse_cli(caf::string_parser_state& ps, T& x, Nested) {
    std::string_view name{ps.i, static_cast<std::size_t>(ps.e - ps.i)};
    if (log::from_string(name, x)) {
      ps.i = ps.e;
      ps.code = caf::pec::success;
    } else {
      ps.code = caf::pec::unexpected_character;
    }
  }
};

} // namespace flamigo::detail

namespace caf {

template <>
struct config_value_access<flamigo::log::level>
  : flamigo::detail::log_name_access<flamigo::log::level> {
  static std::string type_name() {
    return "log level";
  }
};

template <>
struct config_value_access<flamigo::log::format>
  : flamigo::detail::log_name_access<flamigo::log::format> {
  static std::string type_name() {
    return "log format";
  }
};

} // namespace caf
