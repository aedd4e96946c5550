#include "flamigo/remote/detail/remote_login.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/describe/class.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/json/json.hpp"

namespace flamigo::detail {

namespace {

struct auth_text {
  std::string token;
};

BOOST_DESCRIBE_STRUCT(auth_text, (), (token))

struct auth_answer {
  std::optional<std::int64_t> expiresInMs; // NOLINT: as on the wire
};

BOOST_DESCRIBE_STRUCT(auth_answer, (), (expiresInMs))

} // namespace

remote_login::remote_login(const remote_options& options, remote_timers& clock,
                           remote_login_events& events)
  : options_(options), events_(events), credentials_(options, clock),
    timer_(clock) {
}

caf::error remote_login::prepare() {
  auto rest = credentials_.rest();
  if (rest ? *rest <= soon : is_shown_)
    forget();
  is_old_ = credentials_.has_token();
  auto token = credentials_.get();
  return token ? caf::error{} : std::move(token.error());
}

void remote_login::begin() {
  ++run_;
  timer_.stop();
  auto token = credentials_.get();
  if (!token)
    return events_.failed(token.error());
  if (token->empty())
    return known();
  events_.showing();
  show(std::move(*token), [this](const caf::error& why) {
    auto status = status_of(why);
    if (!why)
      known();
    // An old one may simply have ended, unless the connection is somebody
    // else's, or it is the server that needs time.
    else if (is_old_ && status != 409 && status < 429)
      begin_anew();
    else
      events_.failed(why);
  });
}

void remote_login::begin_anew() {
  ++run_;
  forget();
  timer_.start(caf::timespan{0}, [this] { begin(); });
}

void remote_login::stop() {
  ++run_;
  timer_.stop();
}

void remote_login::forget() {
  is_shown_ = is_old_ = false;
  credentials_.forget();
}

void remote_login::forget_shown() {
  if (is_shown_)
    forget();
}

void remote_login::show(std::string token,
                        std::function<void(const caf::error&)> then) {
  is_shown_ = true;
  remote_request request;
  request.topic = options_.name_space + "::websocket:auth";
  request.payload = [text = auth_text{std::move(token)}] {
    return to_json(text);
  };
  request.timeout = options_.timeout;
  request.done = [this, run = run_, then = std::move(then)](
                   const caf::expected<std::string>& answer) {
    if (run != run_)
      return;
    if (!answer)
      return then(answer.error());
    if (auto what = from_json<auth_answer>(*answer))
      credentials_.taken(
        std::chrono::milliseconds{what->expiresInMs.value_or(0)});
    then({});
  };
  events_.ask(std::move(request));
}

void remote_login::known() {
  refresh_later();
  events_.known();
}

void remote_login::refresh_later() {
  if (auto rest = credentials_.rest())
    timer_.start(std::max<caf::timespan>(*rest / 5 * 4,
                                         std::chrono::seconds{1}),
                 [this] { refresh(); });
}

void remote_login::refresh() {
  forget();
  auto again = [this] { timer_.start(pause, [this] { refresh(); }); };
  auto token = credentials_.get();
  if (!token)
    return again();
  if (token->empty())
    return;
  show(std::move(*token), [this, again](const caf::error& why) {
    if (!why)
      refresh_later();
    else if (status_of(why) == 409)
      // Somebody else needs a connection of their own.
      events_.failed(why);
    else
      again();
  });
}

} // namespace flamigo::detail
