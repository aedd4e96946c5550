#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include <caf/error.hpp>

#include "flamigo/remote/detail/remote_credentials.hpp"
#include "flamigo/remote/detail/remote_request.hpp"

namespace flamigo::detail {

/// Who hears what becomes of a login.
class remote_login_events {
public:
  virtual ~remote_login_events() = default;

  /// Makes a request, past whatever waits.
  virtual void ask(remote_request what) = 0;

  /// A token is about to be shown.
  virtual void showing() = 0;

  /// The server knows us, or nobody is to be known.
  virtual void known() = 0;

  /// There is no token, or the server does not take it.
  virtual void failed(const caf::error& why) = 0;
};

/// Proves who we are, to one connection after the other.
class remote_login {
public:
  /// A token that is good no longer than that is not shown again.
  static constexpr caf::timespan soon = std::chrono::seconds{5};

  /// How long to wait before another attempt to renew a token.
  static constexpr caf::timespan pause = std::chrono::seconds{5};

  remote_login(const remote_options& options, remote_timers& clock,
               remote_login_events& events);

  /// Has a token at hand for the next connection, or says why there is none.
  caf::error prepare();

  /// Shows it on this connection, and another one before it ends. Where it was
  /// got for an earlier connection and is refused, another one is shown at
  /// once.
  void begin();

  /// The same with another one, behind whoever is calling.
  void begin_anew();

  /// The connection has ended.
  void stop();

  void forget();

  /// The server has had enough of what it has seen.
  void forget_shown();

private:
  void show(std::string token, std::function<void(const caf::error&)> then);

  void known();

  void refresh_later();

  /// What goes wrong is tried again until the server closes with 3005.
  void refresh();

  const remote_options& options_;
  remote_login_events& events_;
  remote_credentials credentials_;
  /// The next token.
  remote_timer timer_;
  /// By which answers of earlier attempts are known.
  std::uint64_t run_ = 0;
  /// Whether the server has seen the token that we have.
  bool is_shown_ = false;
  /// Whether it was got for an earlier connection.
  bool is_old_ = false;
};

} // namespace flamigo::detail
