#include "flamigo/engineio/detail/engine_packet.hpp"

#include <algorithm>
#include <utility>

#include "flamigo/json/detail/base64.hpp"

namespace flamigo::detail {

std::optional<engine_packet> read_packet(std::string_view text) {
  if (text.empty())
    return std::nullopt;
  auto data = text.substr(1);
  if (text[0] == 'b') {
    auto bytes = decode_base64(data);
    if (!bytes)
      return std::nullopt;
    return engine_packet{engine_kind::binary, std::move(*bytes)};
  }
  if (text[0] < '0' || text[0] > '6')
    return std::nullopt;
  return engine_packet{static_cast<engine_kind>(text[0]), std::string{data}};
}

std::optional<std::vector<engine_packet>> read_payload(std::string_view body) {
  std::vector<engine_packet> result;
  for (;;) {
    auto end = body.find(packet_separator);
    auto packet = read_packet(body.substr(0, end));
    if (!packet)
      return std::nullopt;
    result.push_back(std::move(*packet));
    if (end == body.npos)
      return result;
    body.remove_prefix(end + 1);
  }
}

void append_packet(std::string& body, const engine_packet& what) {
  if (!body.empty())
    body.push_back(packet_separator);
  body.push_back(static_cast<char>(what.kind));
  if (what.kind == engine_kind::binary)
    append_base64(body, what.data);
  else
    body.append(what.data);
}

} // namespace flamigo::detail
