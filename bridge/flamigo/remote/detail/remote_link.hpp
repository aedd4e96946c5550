#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "flamigo/remote/detail/remote_advice.hpp"
#include "flamigo/remote/detail/remote_backoff.hpp"
#include "flamigo/remote/detail/remote_frame.hpp"
#include "flamigo/remote/detail/remote_heartbeat.hpp"
#include "flamigo/remote/detail/remote_login.hpp"
#include "flamigo/remote/detail/remote_socket.hpp"
#include "flamigo/remote/detail/remote_wire.hpp"
#include "flamigo/remote/remote_options.hpp"

namespace flamigo::detail {

/// Who hears what becomes of a link.
class remote_link_events {
public:
  virtual ~remote_link_events() = default;

  /// Requests may be sent from now on.
  virtual void ready() = 0;

  virtual void heard(const remote_frame& frame) = 0;

  /// `longest` is the size of the longest message that was sent, in bytes.
  virtual void lost(const remote_reason& why, std::size_t longest) = 0;

  virtual void changed(const remote_state& now) = 0;

  /// Makes a request of the link's own, past whatever waits.
  virtual void ask_first(remote_request what) = 0;
};

/// One connection after the other, each of which proves who we are before
/// anything else is asked.
class remote_link final : public remote_wire,
                          private remote_socket_events,
                          private remote_login_events {
public:
  /// How long a connection has to last, and a token, to be thought well of.
  static constexpr caf::timespan good = std::chrono::seconds{5};

  remote_link(const remote_options& options, remote_timers& clock,
              std::function<double()> random, remote_socket_maker make_socket,
              remote_link_events& events);

  ~remote_link() override;

  const remote_state& state() const noexcept {
    return state_;
  }

  void open();

  /// Another connection, with another token, whatever there was.
  void reopen();

  /// For good.
  void close(const remote_reason& why);

  // -- remote_wire ------------------------------------------------------------

  bool is_up() const override {
    return is_ready_;
  }

  bool send(std::string text) override;

  void say(std::string text) override;

  const remote_reason* closed() const override {
    return state_.phase == remote_phase::closed ? &state_.reason : nullptr;
  }

  const remote_reason& reason() const override {
    return reason_;
  }

  bool renew() override;

  void probe() override {
    heartbeat_.probe();
  }

private:
  // -- remote_socket_events ---------------------------------------------------

  void opened() override;

  void heard(const std::string& text) override;

  void ended(std::uint16_t code, const std::string& message) override;

  // -- remote_login_events ----------------------------------------------------

  void ask(remote_request what) override;

  void showing() override;

  void known() override;

  /// Tried again on the same connection, where that may help.
  void failed(const caf::error& why) override;

  // -- the end ----------------------------------------------------------------

  void lose(const remote_reason& why);

  /// Lets go of the socket.
  void part(const remote_reason& why);

  void wait_then(std::function<void()> what, const remote_reason& why,
                 bool later);

  void change(remote_state to);

  const remote_options& options_;
  remote_timers& clock_;
  remote_socket_maker make_socket_;
  remote_link_events& events_;
  remote_login login_;
  remote_backoff backoff_;
  remote_heartbeat heartbeat_;
  /// The next attempt.
  remote_timer timer_;
  remote_state state_;
  /// While there is none: why the last one has ended, or has not begun.
  remote_reason reason_;
  std::unique_ptr<remote_socket> socket_;
  /// Whether the socket has opened, and whether the server knows us.
  bool is_open_ = false;
  bool is_ready_ = false;
  /// When it was last known who we are.
  std::optional<caf::timespan> known_at_;
  std::size_t longest_ = 0;
};

} // namespace flamigo::detail
