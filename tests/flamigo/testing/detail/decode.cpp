#include "flamigo/testing/detail/decode.hpp"

#include "flamigo/error/error.hpp"
#include "flamigo/testing/failure.hpp"

namespace flamigo::testing::detail {

void refuse_payload(const std::string& what, const std::string& type,
                    const std::string& payload, const caf::error& why) {
  auto text = "expected " + what + " to carry a payload of type " + type
              + ", but it is " + payload;
  for (auto& [field, error] : field_errors_of(why))
    text += "\n  " + (field.empty() ? "the payload" : field) + ' ' + error;
  throw failure{text};
}

} // namespace flamigo::testing::detail
