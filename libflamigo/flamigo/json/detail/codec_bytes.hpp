#pragma once

#include <string>

#include "flamigo/json/bytes.hpp"
#include "flamigo/json/detail/codec.hpp"

namespace flamigo::detail {

template <>
struct json_codec<bytes> {
  static void read(json_binder& in, const json_token& token, bytes& x);

  static void write(std::string& out, const bytes& x);

  static std::string name() {
    return "bytes";
  }
};

} // namespace flamigo::detail
