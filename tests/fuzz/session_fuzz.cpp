// Everything that an HTTP client can send, and everything that a handler can
// answer: arbitrary bytes come in pieces, and some of them become the status,
// the header and the body of a response. Whatever they are, all that comes back
// is whole responses, with what the handler has set and nothing else, and the
// session ends when it should.

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "flamigo/domain/host.hpp"
#include "flamigo/strategy/call.hpp"
#include "fuzz/fuzz_server.hpp"

namespace {

using namespace flamigo;
using namespace std::chrono_literals;
using test::require;

namespace http = boost::beast::http;

/// Longer than a request may take, and than a response may wait.
constexpr auto long_time = 11s;

// -- handlers -----------------------------------------------------------------

/// A line, in which a carriage return stands for a line break.
std::string take_line(std::string_view& text) {
  auto line = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), line.size() + 1));
  std::string result;
  for (auto c : line)
    result += c == '\r' ? std::string{"\r\n"} : std::string{c};
  return result;
}

/// Serial numbers and what was answered with them.
using answers = std::map<std::string, http_response, std::less<>>;

struct harness : test::fuzz_server {
  harness() {
    auto& routes = core.routes;
    for (auto [path, size] : {std::pair{"/", 5}, {"/large", 300'000}})
      routes.handle("GET", path, [size = size](const http_request& req) {
        return http_response{.body = std::string(std::size_t(size), 'x'),
                             .headers = {{"X-Method", req.method}}};
      });
    routes.handle("POST", "/throw",
                  [](const http_request&) -> http_response { throw 1; });
    for (auto method : {"GET", "POST"})
      routes.handle(method, "/mirror",
                    [this](const http_request& req) { return mirror(req); });
    // Late: when another actor has had its turn.
    (void) host(application, {}, [](domain_actor<>*) -> domain_behavior {
      return {on("app::fuzz:turn", [] {})};
    });
    settle();
    routes.handle(
      "PUT", "/mirror",
      [this](context ctx, http_request req) -> task<http_response> {
        co_await ctx.call_strategy<void>("app::fuzz:turn").or_throw();
        co_return mirror(req);
      });
  }

  /// Answers what the body says: a byte for the status, then lines for the
  /// content type, the name and the value of a header, then the body.
  http_response mirror(const http_request& req) {
    std::string_view text = req.body;
    http_response result;
    if (!text.empty()) {
      result.status = static_cast<unsigned char>(text.front()) * 3u;
      text.remove_prefix(1);
    }
    result.content_type = take_line(text);
    auto name = take_line(text);
    auto value = take_line(text);
    result.body = text;
    if (!boost::beast::iequals(name, "X-Serial")
        && !boost::beast::iequals(name, "X-Method"))
      result.headers.emplace_back(std::move(name), std::move(value));
    auto serial = std::to_string(given.size());
    given.emplace(serial, result);
    result.headers.emplace_back("X-Serial", std::move(serial));
    result.headers.emplace_back("X-Method", req.method);
    return result;
  }

  answers given;
};

// -- what is checked ----------------------------------------------------------

/// What the server itself says, in any response.
constexpr std::array<std::string_view, 12> own_fields{"Allow",
                                                      "Connection",
                                                      "Content-Length",
                                                      "Content-Type",
                                                      "Retry-After",
                                                      "Sec-WebSocket-Accept",
                                                      "Sec-WebSocket-Version",
                                                      "Server",
                                                      "Upgrade",
                                                      "X-Method",
                                                      "X-Serial",
                                                      "Sec-WebSocket-Protocol"};

bool is_own(std::string_view name) {
  return std::any_of(own_fields.begin(), own_fields.end(), [=](auto own) {
    return boost::beast::iequals(own, name);
  });
}

std::string_view trim(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

template <class Body>
void prepare(http::response_parser<Body>& what) {
  what.header_limit(1u << 20);
  what.body_limit(boost::none);
}

/// Whether a response has no body, whatever its headers say. Only what answers
/// HEAD; of errors that is not told, but none of their texts begins like this.
bool is_bare(const http::header<false>& head, std::string_view behind) {
  if (head.count("X-Method") > 0)
    return head["X-Method"] == "HEAD";
  return behind.empty() || behind.starts_with("HTTP/1.");
}

/// Takes the first response from the bytes.
http::response<http::string_body> take_response(std::string_view& bytes) {
  namespace net = boost::asio;
  boost::system::error_code ec;
  http::response_parser<http::empty_body> head;
  prepare(head);
  auto head_size = head.put(net::buffer(bytes.data(), bytes.size()), ec);
  require(!ec && head.is_header_done());
  // Its end must not depend on that of the connection.
  auto status = head.get().result_int();
  auto interim = status < 200;
  auto has_length = !interim && status != 204 && status != 304;
  require(has_length == bool(head.content_length()));
  http::response_parser<http::string_body> whole;
  prepare(whole);
  whole.eager(true);
  whole.skip(interim || is_bare(head.get(), bytes.substr(head_size)));
  bytes.remove_prefix(whole.put(net::buffer(bytes.data(), bytes.size()), ec));
  require(!ec && whole.is_done());
  return whole.release();
}

void check_mirrored(const http::response<http::string_body>& res,
                    const http_response& given) {
  require(res.result_int() == given.status);
  require(trim(res[http::field::content_type]) == trim(given.content_type));
  if (res["X-Method"] != "HEAD")
    require(res.body() == given.body);
  for (auto& [name, value] : given.headers)
    require(trim(res[name]) == trim(value));
}

/// Checks the responses until the bytes end or become those of a WebSocket.
/// Returns whether the session may go on.
bool check_responses(std::string_view bytes, answers& given) {
  auto goes_on = true;
  while (!bytes.empty()) {
    // Nothing comes behind a response that is the last one.
    require(goes_on);
    auto res = take_response(bytes);
    auto i = given.find(std::string_view{res["X-Serial"]});
    std::size_t further = 0;
    if (i != given.end()) {
      check_mirrored(res, i->second);
      further = i->second.headers.size();
      given.erase(i);
    } else {
      require(res.count("X-Serial") == 0);
    }
    for (auto& field : res)
      if (!is_own(field.name_string()))
        require(further-- == 1 && res.count(field.name_string()) == 1);
    if (res.result() == http::status::switching_protocols)
      return true;
    goes_on = res.result_int() < 200 || res.keep_alive();
  }
  return goes_on;
}

// -- one client ---------------------------------------------------------------

/// How a client behaves, by the first byte of the input.
struct manner {
  explicit manner(std::uint8_t bits)
    : portion(std::size_t{1} << (bits & 15)), reads_late((bits & 16) != 0),
      names((bits & 32) != 0), half_closes((bits & 64) != 0),
      waits((bits & 128) != 0) {
  }

  std::size_t portion;
  bool reads_late;
  /// Whether the server has names.
  bool names;
  bool half_closes;
  bool waits;
};

std::string read_on(harness& h, int peer) {
  std::string result;
  for (std::string part; !(part = test::receive(peer)).empty(); h.settle())
    result += part;
  return result;
}

std::string talk(harness& h, int peer, const manner& how,
                 std::string_view input) {
  std::string result;
  while (!input.empty()) {
    auto part = input.substr(0, how.portion);
    if (!test::send(peer, part)) {
      // It wants to be read first, or it has ended.
      result += read_on(h, peer);
      if (!test::send(peer, part))
        break;
    }
    input.remove_prefix(part.size());
    h.settle();
    if (!how.reads_late)
      result += read_on(h, peer);
  }
  return result + read_on(h, peer);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static auto& h = *new harness;
  if (size == 0)
    return 0;
  manner how{data[0]};
  h.given.clear();
  h.core.options.allowed_hosts.clear();
  if (how.names)
    h.core.options.allowed_hosts = {"x", "[::1]:80"};
  auto peer = h.connect();
  auto output = talk(h, peer, how,
                     {reinterpret_cast<const char*>(data + 1), size - 1});
  if (how.half_closes) {
    ::shutdown(peer, SHUT_WR);
    h.settle();
    output += read_on(h, peer);
    require(h.core.open == 0);
  }
  if (!check_responses(output, h.given)) {
    // What still comes is read for a while, so that the client can read.
    h.loop.tick(h.loop.now() + long_time);
    h.settle();
    require(h.core.open == 0);
  }
  if (how.waits) {
    h.loop.tick(h.loop.now() + long_time);
    h.settle();
    // Whoever speaks the WebSocket protocol is pinged first.
    require(h.core.open == h.watch.open());
  }
  ::close(peer);
  h.settle();
  require(h.core.open == 0 && h.watch.open() == 0);
  return 0;
}
