#include "flamigo/json/detail/codec_text.hpp"

#include "flamigo/json/detail/unescape.hpp"

namespace flamigo::detail {

void json_codec<std::string>::read(json_binder& in, const json_token& token,
                                   std::string& x) {
  x.clear();
  if (token.kind != json_kind::string)
    return in.fail("must be a string");
  if (token.escaped)
    append_unescaped(x, token.view());
  else
    x = token.view();
}

} // namespace flamigo::detail
