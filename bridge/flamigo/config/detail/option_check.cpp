#include "flamigo/config/detail/option_check.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <caf/atom.hpp>
#include <caf/config_value.hpp>

#include "flamigo/config/detail/option_text.hpp"
#include "flamigo/http/detail/authority.hpp"
#include "flamigo/http/detail/http_syntax.hpp"
#include "flamigo/http/detail/network.hpp"
#include "flamigo/http/detail/origin.hpp"

namespace flamigo::detail {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

/// A year. Clocks count nanoseconds since 1970, or since less, in 64 bits:
/// until 2200 there is room for a few of these on top, as where a grace
/// follows.
constexpr caf::timespan max_time = hours{24 * 365};

static_assert(hours{24 * 365} * (2200 - 1970)
              < caf::timespan::max() - 10 * max_time);

/// Collects the first error, so that a check is one line an option.
class checker {
public:
  checker& size(const char* name, std::size_t x, std::size_t min,
                std::size_t max) {
    if (x < min || x > max)
      refuse(name, std::to_string(x),
             "a whole number from " + std::to_string(min) + " to "
               + std::to_string(max));
    return *this;
  }

  checker& time(const char* name, caf::timespan x,
                caf::timespan min = milliseconds{1}) {
    if (x < min || x > max_time)
      refuse(name, render(x),
             "a time from " + render(min) + " to " + render(max_time));
    return *this;
  }

  template <class Predicate>
  checker& text(const char* name, const std::string& x, Predicate valid,
                const char* allowed) {
    if (!valid(x))
      refuse(name, x, allowed);
    return *this;
  }

  template <class Predicate>
  checker& texts(const char* name, const std::vector<std::string>& xs,
                 Predicate valid, const char* allowed) {
    for (auto& x : xs)
      text(name, x, valid, allowed);
    return *this;
  }

  void refuse(const char* name, const std::string& value,
              const std::string& allowed) {
    if (!error_)
      error_ = bad_value(name, value, allowed);
  }

  caf::error take() {
    return std::move(error_);
  }

private:
  caf::error error_;
};

// Consists of visible ASCII characters, and none of those.
bool is_made_without(std::string_view excluded, std::string_view x) {
  return !x.empty() && std::all_of(x.begin(), x.end(), [=](char c) {
    return c > ' ' && c < '\x7f' && excluded.find(c) == excluded.npos;
  });
}

bool is_file(std::string_view x) {
  return !x.empty();
}

bool is_tls_version(std::string_view x) {
  return x == "1.2" || x == "1.3";
}

/// An option that means nothing without a certificate; null if none is set.
const char* needless_option(const tls_options& x) {
  if (!x.certificates.empty())
    return nullptr;
  tls_options usual;
  return x.port != usual.port                 ? "--tls-port"
         : x.only                             ? "--tls-only"
         : x.redirect                         ? "--tls-redirect"
         : x.public_port != 0                 ? "--tls-public-port"
         : x.hsts != usual.hsts               ? "--tls-hsts"
         : x.min_version != usual.min_version ? "--tls-min-version"
         : !x.client_ca.empty()               ? "--tls-client-ca"
                                              : nullptr;
}

bool is_listen_host(std::string_view x) {
  return is_made_without("/", x);
}

bool is_public_scheme(std::string_view x) {
  return x == "auto" || x == "http" || x == "https";
}

// What can stand in a request line without being encoded (RFC 3986, 3.3).
bool is_path(std::string_view x) {
  return x.starts_with('/') && is_made_without("\"#<>?[\\]^`{|}", x);
}

} // namespace

caf::error check(const server_options& x) {
  constexpr std::size_t gib = 1u << 30;
  checker result;
  result
    .text("--host", x.host, is_listen_host,
          "a name or an address, such as 127.0.0.1")
    .size("--threads", x.threads, 0, 1'024)
    .text("--path", x.path, is_path,
          "a path that begins with a slash, such as /ws, and has no query")
    .size("--max-connections", x.max_connections, 1, 1u << 31)
    .size("--max-connections-per-address", x.max_connections_per_address, 0,
          1u << 31)
    .size("--max-accepts", x.max_accepts, 0, 1'000'000)
    .size("--max-message-bytes", x.max_message_bytes, 1, gib)
    // Beast counts the bytes of a field in 16 bits.
    .size("--max-header-bytes", x.max_header_bytes, 256, 65'536)
    .size("--max-backlog-bytes", x.max_backlog_bytes, 1, gib)
    .time("--handshake-timeout", x.handshake_timeout)
    .time("--ping-interval", x.ping_interval)
    .time("--pong-timeout", x.pong_timeout)
    .time("--backlog-timeout", x.backlog_timeout)
    .time("--close-timeout", x.close_timeout)
    .time("--drain-timeout", x.drain_timeout, caf::timespan{0})
    .texts("--allowed-hosts", x.allowed_hosts, is_allowed_host,
           "names or addresses, such as example.org or [::1], with a port if "
           "no other is meant")
    .text("--public-scheme", x.public_scheme, is_public_scheme,
          "http, https or auto")
    .texts("--allowed-origins", x.allowed_origins, is_allowed_origin,
           "origins in lower case without a path, such as https://example.org "
           "or http://localhost:3000, or *")
    .texts("--trusted-proxies", x.trusted_proxies, is_network,
           "addresses and networks, such as ::1 or 10.0.0.0/8, with no bit set "
           "behind the prefix")
    .texts("--kept-headers", x.kept_headers, is_http_token,
           "names of headers, such as user-agent");
  if (x.proxy_protocol && x.trusted_proxies.empty())
    result.refuse("--proxy-protocol", "true",
                  "the proxies that speak it, in --trusted-proxies");
  return result.take();
}

caf::error check(const tls_options& x) {
  checker result;
  result
    .texts("--tls-certificates", x.certificates, is_file, "names of PEM files")
    .texts("--tls-keys", x.keys, is_file, "names of PEM files")
    .time("--tls-hsts", x.hsts, caf::timespan{0})
    .text("--tls-min-version", x.min_version, is_tls_version, "1.2 or 1.3")
    .size("--tls-max-handshakes", x.max_handshakes, 1, 65'536);
  if (!x.keys.empty() && x.keys.size() != x.certificates.size())
    result.refuse("--tls-keys", std::to_string(x.keys.size()) + " files",
                  "as many as --tls-certificates, which are "
                    + std::to_string(x.certificates.size())
                    + ", or none if the keys stand in those");
  if (x.require_client_certificate && x.client_ca.empty())
    result.refuse("--tls-require-client-certificate", "true",
                  "the authorities that clients may have theirs from, in "
                  "--tls-client-ca");
  if (auto option = needless_option(x); option != nullptr)
    result.refuse("--tls-certificates", "",
                  std::string{"the files that "} + option + " needs");
  return result.take();
}

caf::error check(const client_options& x) {
  constexpr std::size_t max = 1'000'000;
  return checker{}
    .size("--max-in-flight", x.max_in_flight, 1, max)
    .size("--max-refused", x.max_refused, 1, max)
    .size("--message-rate", x.message_rate, 0, max)
    .size("--message-burst", x.message_burst, 0, max)
    .size("--user-message-rate", x.user_message_rate, 0, max)
    .size("--user-message-burst", x.user_message_burst, 0, max)
    .size("--max-connections-per-user", x.max_connections_per_user, 0, max)
    .size("--max-subscriptions", x.max_subscriptions, 0, max)
    .size("--max-queued", x.max_queued, 1, max)
    .size("--max-malformed", x.max_malformed, 1, max)
    .time("--request-timeout", x.request_timeout)
    .take();
}

caf::error check(const auth_options& x) {
  constexpr std::size_t max = 1'000'000;
  return checker{}
    .time("--auth-timeout", x.timeout, caf::timespan{0})
    .size("--auth-max-bytes", x.max_bytes, 1, 1u << 30)
    .size("--auth-max-messages", x.max_messages, 1, max)
    .time("--auth-expiry-grace", x.expiry_grace, caf::timespan{0})
    .text(
      "--auth-cookie", x.cookie,
      [](auto& name) { return name.empty() || is_http_token(name); },
      "the name of a cookie, such as session")
    .take();
}

caf::error check(const blocking_options& x) {
  return checker{}
    .size("--blocking-threads", x.threads, 1, 1'024)
    .size("--blocking-max-queued", x.max_queued, 0, 1'000'000)
    .take();
}

caf::error check(const memory_history_options& x) {
  return checker{}
    .size("--max-history-topics", x.max_topics, 1, 1u << 31)
    .take();
}

caf::error check(const memory_presence_options& x) {
  return checker{}.time("--presence-interval", x.interval).take();
}

caf::error check(const metrics_options& x) {
  return checker{}
    .text("--metrics-address", x.address, is_listen_host,
          "a name or an address, such as 127.0.0.1")
    .take();
}

caf::error check(const tracing_options& x) {
  checker result;
  // What is no number is not within either.
  if (!(x.sample >= 0 && x.sample <= 1))
    result.refuse("--trace-sample", render(x.sample),
                  "a number from 0 to 1, such as 0.01");
  return result.take();
}

caf::error check_scheduler(const caf::settings& content) {
  checker result;
  if (auto n = caf::get_if<std::size_t>(&content, "scheduler.max-threads"))
    result.size("--scheduler.max-threads", *n, 1, 4'096);
  if (auto n = caf::get_if<std::size_t>(&content, "scheduler.max-throughput"))
    result.size("--scheduler.max-throughput", *n, 1, 1u << 31);
  if (auto x = caf::get_if<caf::atom_value>(&content, "scheduler.policy"))
    if (*x != caf::atom("stealing") && *x != caf::atom("sharing")
        && *x != caf::atom("testing"))
      result.refuse("--scheduler.policy", to_string(*x),
                    "stealing, sharing or testing");
  for (std::string name :
       {"scheduler.profiling-resolution", "stream.credit-round-interval",
        "stream.desired-batch-complexity", "stream.max-batch-delay",
        "work-stealing.moderate-sleep-duration",
        "work-stealing.relaxed-sleep-duration"})
    if (auto time = caf::get_if<caf::timespan>(&content, name))
      result.time(("--" + name).c_str(), *time, caf::timespan{0});
  return result.take();
}

} // namespace flamigo::detail
