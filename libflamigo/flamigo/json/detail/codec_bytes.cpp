#include "flamigo/json/detail/codec_bytes.hpp"

#include <utility>

#include "flamigo/json/detail/base64.hpp"
#include "flamigo/json/detail/unescape.hpp"

namespace flamigo::detail {

void json_codec<bytes>::read(json_binder& in, const json_token& token,
                             bytes& x) {
  x.data.clear();
  if (token.kind != json_kind::string)
    return in.fail("must be bytes, a string in base64");
  std::string text;
  if (token.escaped)
    append_unescaped(text, token.view());
  auto data = decode_base64(token.escaped ? text : token.view());
  if (!data)
    return in.fail("must be bytes, a string in base64 with its padding");
  x.data = std::move(*data);
}

void json_codec<bytes>::write(std::string& out, const bytes& x) {
  out.push_back('"');
  append_base64(out, x.data);
  out.push_back('"');
}

} // namespace flamigo::detail
