#pragma once

#include <string>
#include <type_traits>

#include "flamigo/json/json.hpp"

namespace flamigo::testing::detail {

/// Throws the failure of a payload that is not what was expected.
[[noreturn]] void
refuse_payload(const std::string& what, const std::string& type,
               const std::string& payload, const caf::error& why);

/// Reads the payload of `what`, which a failure names; void is `null`.
template <class T>
T decode(const std::string& what, const raw_json& payload) {
  if constexpr (std::is_void_v<T>) {
    if (payload.text != "null")
      refuse_payload(what, "null", payload.text, {});
  } else {
    T result{};
    if (auto err = from_json(payload.text, result))
      refuse_payload(what, type_name<T>(), payload.text, err);
    return result;
  }
}

} // namespace flamigo::testing::detail
