#pragma once

#include <caf/config_value.hpp>

#include "flamigo/log/log.hpp"

namespace caf {

/// Lets an option be the format of the log: the name of one in the file and on
/// the command line.
template <>
struct config_value_access<flamigo::log::format> {
  using format = flamigo::log::format;

  static std::string type_name() {
    return "log format";
  }

  static optional<format> get_if(const config_value* x) {
    format result;
    auto name = caf::get_if<std::string>(x);
    if (name != nullptr && flamigo::log::from_string(*name, result))
      return result;
    return none;
  }

  static bool is(const config_value& x) {
    return static_cast<bool>(get_if(&x));
  }

  static format get(const config_value& x) {
    return *get_if(&x);
  }

  static std::string convert(format x) {
    return to_string(x);
  }

  template <class Nested>
  static void parse_cli(string_parser_state& ps, format& x, Nested) {
    std::string_view name{ps.i, static_cast<size_t>(ps.e - ps.i)};
    if (flamigo::log::from_string(name, x)) {
      ps.i = ps.e;
      ps.code = pec::success;
    } else {
      ps.code = pec::unexpected_character;
    }
  }
};

} // namespace caf
