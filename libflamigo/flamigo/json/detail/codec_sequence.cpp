#include "flamigo/json/detail/codec_sequence.hpp"

namespace flamigo::detail {

bool is_array_of(json_binder& in, const json_token& token, std::size_t size) {
  if (token.kind != json_kind::array) {
    in.fail("must be an array");
    return false;
  }
  if (token.count != size) {
    in.fail("must have " + std::to_string(size)
            + (size == 1 ? " element" : " elements"));
    return false;
  }
  return true;
}

} // namespace flamigo::detail
