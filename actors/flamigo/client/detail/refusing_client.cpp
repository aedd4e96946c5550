#include "flamigo/client/detail/refusing_client.hpp"

#include <string>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/log_connection.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

void refusing_client::refuse_malformed(caf::error why,
                                       std::string_view ack_id) {
  send_error(why, ack_id);
  if (++malformed_in_row_ >= env_.options.max_malformed)
    close({close_code::too_many_malformed, "too many malformed messages"});
}

void refusing_client::refuse_unheard(caf::error why, std::string_view ack_id) {
  if (why)
    refuse_malformed(std::move(why), ack_id);
  else
    refuse_excess(ack_id);
}

void refusing_client::refuse_excess(std::string_view ack_id) {
  send_error(make_error(errc::too_many_requests,
                        "too many requests in flight, wait for replies"),
             ack_id);
  if (++refused_in_row_ >= env_.options.max_refused)
    close({close_code::too_many_requests, "too many requests"});
}

void refusing_client::refuse_haste(caf::timespan wait, std::string_view ack_id,
                                   const strategy* what) {
  send_error(retry_after(make_error(errc::too_many_requests,
                                    "too many requests in a short time"),
                         wait),
             ack_id, what);
  if (limits().goes_on(now()))
    close({close_code::too_many_requests, "too many requests"});
}

void refusing_client::fail(caf::error why, const strategy& what,
                           std::string_view ack_id) {
  why = wrap(std::move(why), "call strategy(" + what.name() + ")");
  auto authenticates = env_.auth && what.name() == env_.auth->strategy;
  if (authenticates && meter())
    count_refusal(status_of(why));
  if (entering_ && authenticates && out_.refuse(why)) {
    meter().failed(&what, status_of(why));
    return log_error(why);
  }
  send_error(why, ack_id, &what);
}

void refusing_client::count_refusal(int status) const noexcept {
  auto how = status < 500 ? auth_outcome::refused : auth_outcome::failed;
  meter().add(metric::authentications, static_cast<std::size_t>(how), 1);
}

void refusing_client::send_error(const caf::error& why, std::string_view ack_id,
                                 const strategy* what) {
  log_error(why);
  meter().failed(what, status_of(why));
  out_.error(why, ack_id, env_.options.expose_traces);
}

void refusing_client::log_error(const caf::error& why) const {
  auto level = status_of(why) >= 500 ? log::level::warning : log::level::debug;
  if (log::enabled(level))
    log_connection(level, claims_->connection_id, ": " + trace_of(why));
}

} // namespace flamigo::detail
