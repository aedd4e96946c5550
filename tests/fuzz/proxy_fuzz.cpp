// What proxies say of connections and of requests. A header of the PROXY
// protocol says the same however it comes, and takes nothing behind it; nothing
// that stands in front of a proxy's own words changes what they say.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "flamigo/http/detail/forwarded_client.hpp"
#include "flamigo/http/detail/http_syntax.hpp"
#include "flamigo/http/detail/proxy_header.hpp"

namespace {

using namespace flamigo;
using state = detail::proxy_header::state;

void require(bool condition) {
  if (!condition)
    std::abort();
}

void check_header(std::string_view text) {
  detail::proxy_header at_once;
  auto taken = at_once.take(text);
  require(taken <= text.size());
  detail::proxy_header in_pieces;
  std::size_t size = 0;
  for (auto& c : text)
    size += in_pieces.take({&c, 1});
  require(in_pieces.where() == at_once.where());
  require(in_pieces.source() == at_once.source());
  if (at_once.where() != state::broken)
    require(size == taken);
  if (at_once.where() == state::wants_more)
    require(taken == text.size());
  detail::proxy_header again;
  again.take(text.substr(0, taken));
  require(again.where() == at_once.where());
}

void check_list(std::string_view said) {
  static const auto trusted = detail::parse_networks({"10.0.0.0/8"});
  struct {
    std::string_view name;
    std::string_view own;
  } words[] = {{"X-Forwarded-For", "192.0.2.1"},
               {"Forwarded", "for=192.0.2.1"},
               {"Forwarded", "for=\"192.0.2.1:80\";host=\"a,\\\"b\""}};
  for (auto& [name, own] : words) {
    detail::parsed_request req;
    req.insert(name, said);
    detail::forwarded_client(req, trusted);
    req.set(name, std::string{said} + ", " + std::string{own});
    auto client = detail::forwarded_client(req, trusted);
    require(client && client->to_string() == "192.0.2.1");
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  check_header(text);
  if (detail::is_field_value(text) && text.size() < 60'000)
    check_list(text);
  return 0;
}
