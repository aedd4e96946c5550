#include "flamigo/http/detail/framing.hpp"

#include <string>
#include <string_view>
#include <utility>

#include <boost/beast/core/string.hpp>

#include "flamigo/http/detail/http_syntax.hpp"

namespace flamigo::detail {

namespace http = beast::http;

namespace {

http_reply refusal(const parsed_request& req, http::status status,
                   std::string why) {
  auto result = make_reply(req, status, std::move(why));
  result.keep_alive(false);
  return result;
}

/// What a request says of its codings.
struct codings {
  std::size_t chunked = 0;
  std::size_t others = 0;
  bool chunked_last = false;
};

codings codings_of(const parsed_request& req) {
  codings result;
  auto [i, end] = req.equal_range(http::field::transfer_encoding);
  for (; i != end; ++i)
    for_each_element(i->value(), [&](std::string_view coding) {
      result.chunked_last = beast::iequals(coding, "chunked");
      ++(result.chunked_last ? result.chunked : result.others);
    });
  return result;
}

void join_fields(parsed_request& req, http::field name,
                 std::string_view between) {
  if (req.count(name) < 2)
    return;
  std::string all;
  auto [i, end] = req.equal_range(name);
  for (; i != end; ++i) {
    if (!all.empty())
      all += between;
    all += i->value();
  }
  req.set(name, all);
}

} // namespace

std::optional<http_reply> check_framing(const parsed_request& req) {
  if (req.count(http::field::transfer_encoding) > 0) {
    auto found = codings_of(req);
    if (req.version() < 11 || !found.chunked_last || found.chunked > 1)
      return refusal(req, http::status::bad_request,
                     "a body's last coding is chunked, and no other one is");
    if (found.others > 0)
      return refusal(req, http::status::not_implemented,
                     "the only transfer coding known here is chunked");
  }
  if (req.count(http::field::content_length) > 1
      || req[http::field::content_length].find(',') != beast::string_view::npos)
    return refusal(req, http::status::bad_request,
                   "a request has one Content-Length");
  return std::nullopt;
}

void join_lists(parsed_request& req) {
  for (auto name : {http::field::connection, http::field::upgrade,
                    http::field::sec_websocket_extensions})
    join_fields(req, name, ", ");
  // RFC 6265, 5.4
  join_fields(req, http::field::cookie, "; ");
}

} // namespace flamigo::detail
