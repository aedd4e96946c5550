#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace flamigo::detail {

/// What is counted in the cells of each thread, besides requests and turns. In
/// the order of `metrics`.
enum class metric : std::uint8_t {
  sockets_accepted,
  sockets_refused,
  tls_handshakes,
  connections_opened,
  connections_open,
  connections_closed,
  handshakes_refused,
  http_responses,
  requests_in_flight,
  authentications,
  events_published,
  events_delivered,
  received_bytes,
  sent_bytes,
  backlog_bytes,
  backlogged_connections,
  channel_subscriptions,
};

/// How a metric is shown.
struct metric_info {
  std::string_view name;
  /// `counter` or `gauge`.
  std::string_view type;
  std::string_view help;
  /// Empty where there is none.
  std::string_view label = {};
  /// What the label can be; each has a cell.
  std::span<const std::string_view> values = {};

  constexpr std::size_t places() const noexcept {
    return label.empty() ? 1 : values.size();
  }
};

// -- what labels can be -------------------------------------------------------

/// By which clients come.
inline constexpr std::array<std::string_view, 5> transport_labels{
  "websocket", "sse", "socketio_websocket", "socketio_polling", "other"};

/// Close codes of the protocol; all others, an application's own, are the last.
inline constexpr std::array<std::string_view, 18> close_code_labels{
  "1000", "1001", "1002", "1003", "1005", "1006", "1007", "1009", "1011",
  "3001", "3005", "3008", "3012", "3013", "3501", "3502", "3503", "other"};

/// Statuses of a request. An application's own are `4xx` and `5xx`.
inline constexpr std::array<std::string_view, 13> status_labels{
  "200", "400", "401", "403", "404", "409", "429",
  "499", "500", "503", "504", "4xx", "5xx"};

/// Where requests are that were answered without an error.
inline constexpr std::size_t ok_place = 0;

/// Statuses of HTTP.
inline constexpr std::array<std::string_view, 15> http_status_labels{
  "2xx", "3xx", "400", "401", "403", "404", "405", "413",
  "421", "426", "431", "4xx", "500", "503", "5xx"};

/// Why a socket was closed as soon as it was accepted.
enum class socket_refusal : std::uint8_t {
  rate,
  address,
};

inline constexpr std::array<std::string_view, 2> socket_refusal_labels{
  "rate", "address"};

/// What has become of a handshake of TLS.
enum class tls_outcome : std::uint8_t {
  full,
  resumed,
  failed,
  expired,
  displaced,
};

inline constexpr std::array<std::string_view, 5> tls_labels{
  "full", "resumed", "failed", "expired", "displaced"};

/// Why somebody was not let in.
enum class handshake_refusal : std::uint8_t {
  host,
  origin,
  capacity,
  draining,
  request,
};

inline constexpr std::array<std::string_view, 5> refusal_labels{
  "host", "origin", "capacity", "draining", "request"};

enum class auth_outcome : std::uint8_t {
  accepted,
  refused,
  failed,
};

inline constexpr std::array<std::string_view, 3> auth_labels{
  "accepted", "refused", "failed"};

/// The place of a close code among its labels.
std::size_t close_code_place(std::uint16_t code) noexcept;

/// The place of a status among those of requests.
std::size_t status_place(int status) noexcept;

/// The place of a status among those of HTTP.
std::size_t http_status_place(unsigned status) noexcept;

// -- all of them --------------------------------------------------------------

inline constexpr std::array<metric_info, 17> metrics{{
  {"flamigo_sockets_accepted_total", "counter",
   "Sockets accepted, of HTTP and of all that begins with it."},
  {"flamigo_sockets_refused_total", "counter",
   "Sockets beyond those that may come in a second or from one address, by "
   "which.",
   "reason", socket_refusal_labels},
  {"flamigo_tls_handshakes_total", "counter",
   "Handshakes of TLS, by what has become of them.", "outcome", tls_labels},
  {"flamigo_connections_opened_total", "counter",
   "Clients that have connected, by what they came by.", "transport",
   transport_labels},
  {"flamigo_connections_open", "gauge",
   "Clients that are connected, by what carries them now.", "transport",
   transport_labels},
  {"flamigo_connections_closed_total", "counter",
   "Connections that have ended, by close code. 3008 are slow consumers.",
   "code", close_code_labels},
  {"flamigo_handshakes_refused_total", "counter",
   "Clients that were not let in, by why.", "reason", refusal_labels},
  {"flamigo_http_responses_total", "counter", "Responses of HTTP, by status.",
   "status", http_status_labels},
  {"flamigo_requests_in_flight", "gauge",
   "Requests of clients that wait for an answer which comes later."},
  {"flamigo_authentications_total", "counter",
   "Proofs that clients have shown, by what has become of them.", "outcome",
   auth_labels},
  {"flamigo_events_published_total", "counter",
   "Events published on the bus, heard by somebody or not."},
  {"flamigo_events_delivered_total", "counter",
   "Subscribers that were told of an event, one for each of them."},
  {"flamigo_received_bytes_total", "counter", "Bytes read from sockets."},
  {"flamigo_sent_bytes_total", "counter", "Bytes that sockets have taken."},
  {"flamigo_backlog_bytes", "gauge",
   "Bytes that wait because their sockets take no more."},
  {"flamigo_backlogged_connections", "gauge", "Sockets for which bytes wait."},
  {"flamigo_channel_subscriptions", "gauge",
   "Channels of all clients, each counted for each of them."},
}};

/// The first cell of each metric, and behind the last one how many there are.
inline constexpr auto first_cells = [] {
  std::array<std::size_t, metrics.size() + 1> result{};
  for (std::size_t i = 0; i < metrics.size(); ++i)
    result[i + 1] = result[i] + metrics[i].places();
  return result;
}();

constexpr std::size_t cell_of(metric what, std::size_t place) noexcept {
  return first_cells[static_cast<std::size_t>(what)] + place;
}

} // namespace flamigo::detail
