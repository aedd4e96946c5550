#include "deployment_probe.hpp"

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "probe_link.hpp"

namespace flamigo::tool {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using verdict = observation::verdict;

/// A page of nobody's (RFC 2606, 2).
constexpr auto foreign_origin = "https://elsewhere.invalid";

/// No strategy has such a name, and the answer changes nothing.
constexpr auto question = R"({"topic":"doctor","ackId":"doctor"})";

/// Stands in the answer.
constexpr std::string_view answered = "\"ackId\":\"doctor\"";

/// Stands in the answer to somebody who has not proved who he is.
constexpr std::string_view unknown_user = "\"status\":401";

constexpr int days_to_worry = 14;

std::string since(steady_clock::time_point begin) {
  auto time
    = std::chrono::duration_cast<milliseconds>(steady_clock::now() - begin);
  return time.count() < 2000 ? std::to_string(time.count()) + " ms"
                             : std::to_string(time.count() / 1000) + " s";
}

/// The status of a handshake, in words; 0 for none.
std::string answer_of(unsigned status) {
  return status == 0 ? "not answered"
                     : "answered with " + std::to_string(status);
}

/// What is usually wrong when a handshake is answered with this.
std::string advice(unsigned status) {
  switch (status) {
    case 0:
    case 400:
    case 426:
      return "the program sees no upgrade: have the proxy pass on the headers "
             "Upgrade and Connection, and speak HTTP/1.1";
    case 401:
      return "give --token";
    case 403:
      return "the program does not take this address for its own: have the "
             "proxy pass on Host and X-Forwarded-Proto, or see the options "
             "public-scheme and allowed-origins";
    case 404:
      return "no WebSocket is served there: say the path, as in "
             "https://example.com/ws";
    case 421:
      return "the program does not know this name: see the option "
             "server-names";
    case 502:
    case 503:
    case 504:
      return "the program does not run behind it, has no room, or ends";
    default:
      return "something in between answers in its place";
  }
}

template <class Link>
class probe {
public:
  using socket = websocket::stream<Link>;

  probe(const probe_options& options, net::ssl::context& with,
        const std::function<void(const observation&)>& tell)
    : options_(options), with_(with), tell_(tell) {
  }

  /// Whether nothing is wrong.
  bool is_fine() const noexcept {
    return fine_;
  }

  net::awaitable<void> run() {
    if (!co_await reach())
      co_return;
    co_await ask_readiness();
    co_await look_for_stream();
    auto own = options_.where.origin();
    auto talking = co_await upgrade(own);
    if (talking.result != 101) {
      say(verdict::wrong, "upgrade",
          answer_of(talking.result) + ": " + advice(talking.result));
      co_return;
    }
    say(verdict::fine, "upgrade", "a WebSocket at " + options_.where.path);
    co_await try_foreign_origin();
    co_await ask(*talking.to);
    co_await await_ping(talking.to);
    if (options_.drain.count() > 0)
      co_await await_drain();
  }

private:
  struct handshake {
    /// Status of the answer; 0 if there was none.
    unsigned result = 0;
    std::shared_ptr<socket> to{};
  };

  void say(verdict how, std::string what, std::string text) {
    fine_ = fine_ && how != verdict::wrong;
    tell_({how, std::move(what), std::move(text)});
  }

  net::awaitable<std::unique_ptr<Link>> connect() {
    if constexpr (std::is_same_v<Link, plain_link>)
      co_return co_await connect_plain(options_);
    else
      co_return co_await connect_secure(options_, with_, certificate_);
  }

  /// Not to whom clients would not show it.
  void show_token(auto& req) const {
    if (!options_.token.empty() && certificate_.flaw.empty())
      req.set(http::field::authorization, "Bearer " + options_.token);
  }

  void give_time(auto& link, std::chrono::seconds time) {
    beast::get_lowest_layer(link).expires_after(time);
  }

  net::awaitable<bool> reach() {
    auto begin = steady_clock::now();
    std::string why;
    try {
      auto link = co_await connect();
    } catch (const boost::system::system_error& e) {
      why = e.code().message();
    }
    if (!why.empty()) {
      say(verdict::wrong, "reach",
          options_.where.authority() + " cannot be reached: " + why);
      co_return false;
    }
    say(verdict::fine, "reach",
        options_.where.authority() + " in " + since(begin));
    if (options_.where.secure)
      judge_certificate();
    co_return true;
  }

  void judge_certificate() {
    auto& seen = certificate_;
    auto left = std::to_string(seen.days) + " days left";
    if (!seen.flaw.empty())
      say(verdict::wrong, "tls",
          "clients refuse the certificate: " + seen.flaw
            + "; is the whole chain in the file? For an authority of your own "
              "give --ca");
    else if (seen.days < days_to_worry)
      say(verdict::doubtful, "tls", left + ": renew the certificate");
    else
      say(verdict::fine, "tls", seen.protocol + ", " + left);
  }

  // -- HTTP -------------------------------------------------------------------

  http::request<http::empty_body> get(const std::string& target) const {
    http::request<http::empty_body> result{http::verb::get, target, 11};
    result.set(http::field::host, options_.where.authority());
    result.set(http::field::user_agent, "flamigo-doctor");
    return result;
  }

  net::awaitable<void> ask_readiness() {
    auto target = options_.where.beside("/readyz");
    auto link = co_await connect();
    give_time(*link, options_.step);
    auto req = get(target);
    beast::flat_buffer buffer;
    http::response<http::string_body> res;
    boost::system::error_code ec;
    auto token = net::redirect_error(net::use_awaitable, ec);
    co_await http::async_write(*link, req, token);
    if (!ec)
      co_await http::async_read(*link, buffer, res, token);
    auto status = res.result_int();
    if (ec)
      say(verdict::wrong, "ready",
          target + " is not answered: " + ec.message());
    else if (status == 200)
      say(verdict::fine, "ready", target);
    else if (status == 503)
      say(verdict::wrong, "ready", target + " says 503: " + res.body());
    else
      say(verdict::skipped, "ready",
          target + " is answered with " + std::to_string(status));
  }

  /// Asks something of a stream of events, and waits for the answer in it.
  net::awaitable<void> look_for_stream() {
    auto target = options_.where.beside("/sse");
    auto link = co_await connect();
    give_time(*link, options_.step);
    auto req = get(target);
    req.set(http::field::accept, "text/event-stream");
    show_token(req);
    beast::flat_buffer buffer;
    http::response_parser<http::empty_body> parser;
    boost::system::error_code ec;
    auto token = net::redirect_error(net::use_awaitable, ec);
    co_await http::async_write(*link, req, token);
    if (!ec)
      co_await http::async_read_header(*link, buffer, parser, token);
    if (!ec && parser.get()[http::field::content_type] != "text/event-stream") {
      say(verdict::skipped, "streams",
          "there is no stream of events at " + target);
      co_return;
    }
    auto heard = beast::buffers_to_string(buffer.data());
    if (!ec)
      ec = co_await hear(*link, heard, "\"}");
    constexpr std::string_view before = "\"session\":\"";
    auto begin = heard.find(before);
    auto asked = steady_clock::now();
    if (!ec && begin != std::string::npos) {
      begin += before.size();
      auto session = heard.substr(begin, heard.find('"', begin) - begin);
      ec = co_await say_by_post(target + "?session=" + session);
      if (!ec)
        ec = co_await hear(*link, heard, answered);
    }
    if (!ec)
      say(verdict::fine, "streams",
          "what " + target + " says comes at once, in " + since(asked));
    else
      say(verdict::wrong, "streams",
          "what " + target + " says does not come (" + ec.message()
            + "): have the proxy keep nothing back, in nginx with "
              "proxy_buffering off");
  }

  /// Until there is this text behind what was heard before.
  net::awaitable<boost::system::error_code> hear(Link& from, std::string& heard,
                                                 std::string_view wanted) {
    boost::system::error_code ec;
    char some[4096];
    while (!ec && heard.find(wanted) == std::string::npos) {
      auto size = co_await from.async_read_some(
        net::buffer(some), net::redirect_error(net::use_awaitable, ec));
      heard.append(some, size);
    }
    co_return ec;
  }

  net::awaitable<boost::system::error_code> say_by_post(std::string target) {
    auto link = co_await connect();
    give_time(*link, options_.step);
    http::request<http::string_body> req{http::verb::post, target, 11,
                                         question};
    req.set(http::field::host, options_.where.authority());
    req.set(http::field::content_type, "application/json");
    show_token(req);
    req.prepare_payload();
    boost::system::error_code ec;
    co_await http::async_write(*link, req,
                               net::redirect_error(net::use_awaitable, ec));
    beast::flat_buffer buffer;
    http::response<http::string_body> res;
    if (!ec)
      co_await http::async_read(*link, buffer, res,
                                net::redirect_error(net::use_awaitable, ec));
    co_return ec;
  }

  // -- WebSockets -------------------------------------------------------------

  net::awaitable<handshake> upgrade(std::string origin) {
    auto link = co_await connect();
    handshake result;
    result.to = std::make_shared<socket>(std::move(*link));
    auto& to = *result.to;
    give_time(to, options_.step);
    // The deadline is that of the connection.
    websocket::stream_base::timeout none{};
    none.handshake_timeout = websocket::stream_base::none();
    none.idle_timeout = websocket::stream_base::none();
    none.keep_alive_pings = false;
    to.set_option(none);
    to.set_option(websocket::stream_base::decorator{
      [this, origin](websocket::request_type& req) {
        req.set(http::field::user_agent, "flamigo-doctor");
        req.set(http::field::origin, origin);
        req.set(http::field::sec_websocket_protocol, "flamigo.v1");
        show_token(req);
      }});
    websocket::response_type res;
    boost::system::error_code ec;
    auto token = net::redirect_error(net::use_awaitable, ec);
    auto host = options_.where.authority();
    co_await to.async_handshake(res, host, options_.where.path, token);
    if (!ec || ec == websocket::error::upgrade_declined)
      result.result = res.result_int();
    co_return result;
  }

  net::awaitable<void> try_foreign_origin() {
    auto got = co_await upgrade(foreign_origin);
    if (got.result == 101)
      say(verdict::doubtful, "origin",
          "pages of any origin may connect: the proxy rewrites Origin, or "
          "allowed-origins is *");
    else if (got.result == 403)
      say(verdict::fine, "origin", "pages of others are refused");
    else
      say(verdict::wrong, "origin",
          "a page of others was " + answer_of(got.result) + ", not with 403");
  }

  /// How the connection has ended, in words.
  static std::string end_of(const socket& which,
                            const boost::system::error_code& ec) {
    if (which.reason().code == websocket::close_code::none)
      return "cut without a close frame (" + ec.message() + ")";
    std::string text{which.reason().reason.c_str()};
    return "closed with " + std::to_string(which.reason().code)
           + (text.empty() ? "" : " (" + text + ")");
  }

  /// A frame there and one back.
  net::awaitable<void> ask(socket& to) {
    give_time(to, options_.step);
    beast::flat_buffer buffer;
    boost::system::error_code ec;
    auto token = net::redirect_error(net::use_awaitable, ec);
    auto begin = steady_clock::now();
    co_await to.async_write(net::buffer(std::string_view{question}), token);
    std::string answer;
    while (!ec && answer.find(answered) == std::string::npos) {
      buffer.clear();
      co_await to.async_read(buffer, token);
      answer = beast::buffers_to_string(buffer.data());
    }
    if (ec)
      say(verdict::wrong, "answers",
          "a request is not answered: " + end_of(to, ec));
    else
      say(verdict::fine, "answers", "a request in " + since(begin));
    if (!options_.token.empty() && answer.find(unknown_user) != answer.npos)
      say(verdict::wrong, "token", "the program does not take it");
  }

  net::awaitable<void> await_ping(std::shared_ptr<socket> which) {
    auto& to = *which;
    auto pinged = false;
    to.control_callback([&](websocket::frame_type kind, beast::string_view) {
      if (kind != websocket::frame_type::ping || std::exchange(pinged, true))
        return;
      // The frame is still being read.
      net::post(to.get_executor(),
                [which] { beast::get_lowest_layer(*which).close(); });
    });
    auto begin = steady_clock::now();
    auto ec = co_await listen(to, options_.ping);
    auto after = "after " + since(begin);
    if (pinged)
      say(verdict::fine, "ping", after + " of silence");
    else if (ec == beast::error::timeout)
      say(verdict::doubtful, "ping",
          "none within " + std::to_string(options_.ping.count())
            + " s: is ping-interval longer than what a proxy lets pass?");
    else if (to.reason().code == 3502)
      say(verdict::skipped, "ping",
          options_.token.empty()
            ? "clients have to authenticate here: give --token"
            : "clients have to authenticate here");
    else
      say(verdict::wrong, "ping",
          end_of(to, ec) + " " + after
            + " of silence: let the proxy wait longer than ping-interval");
  }

  net::awaitable<void> await_drain() {
    auto own = options_.where.origin();
    auto got = co_await upgrade(own);
    if (got.result != 101)
      co_return say(verdict::wrong, "drain",
                    "another handshake was " + answer_of(got.result));
    say(verdict::skipped, "drain", "stop or restart the program now");
    auto ec = co_await listen(*got.to, options_.drain);
    auto code = got.to->reason().code;
    if (ec == beast::error::timeout)
      say(verdict::wrong, "drain",
          "it was not stopped within " + std::to_string(options_.drain.count())
            + " s");
    else if (code == 3001)
      say(verdict::fine, "drain", end_of(*got.to, ec) + ": clients come again");
    else
      say(verdict::wrong, "drain",
          end_of(*got.to, ec)
            + ", not with 3001: was it killed, or given no time to end?");
  }

  /// Until something ends it.
  net::awaitable<boost::system::error_code> listen(socket& to,
                                                   std::chrono::seconds time) {
    give_time(to, time);
    beast::flat_buffer buffer;
    boost::system::error_code ec;
    while (!ec) {
      buffer.clear();
      co_await to.async_read(buffer,
                             net::redirect_error(net::use_awaitable, ec));
    }
    co_return ec;
  }

  const probe_options& options_;
  net::ssl::context& with_;
  const std::function<void(const observation&)>& tell_;
  certificate_view certificate_;
  bool fine_ = true;
};

template <class Link>
bool run(const probe_options& options,
         const std::function<void(const observation&)>& tell) {
  net::io_context io{1};
  auto with = trusting(options.authority_file);
  probe<Link> what{options, with, tell};
  std::exception_ptr thrown;
  net::co_spawn(io, what.run(), [&](std::exception_ptr e) { thrown = e; });
  io.run();
  try {
    if (thrown)
      std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& e) {
    tell({verdict::wrong, "reach",
          "the connection is lost: " + e.code().message()});
    return false;
  }
  return what.is_fine();
}

} // namespace

bool examine_deployment(const probe_options& options,
                        const std::function<void(const observation&)>& tell) {
  return options.where.secure ? run<secure_link>(options, tell)
                              : run<plain_link>(options, tell);
}

} // namespace flamigo::tool
