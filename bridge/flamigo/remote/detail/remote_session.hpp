#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "flamigo/remote/detail/remote_calls.hpp"
#include "flamigo/remote/detail/remote_channels.hpp"
#include "flamigo/remote/detail/remote_link.hpp"
#include "flamigo/remote/detail/remote_listeners.hpp"
#include "flamigo/remote/detail/remote_questions.hpp"
#include "flamigo/remote/remote_call_options.hpp"

namespace flamigo::detail {

/// What a client does: it is given messages, time and chance, and knows neither
/// sockets nor threads.
class remote_session final : private remote_link_events {
public:
  remote_session(remote_options options, remote_timers& clock,
                 std::function<double()> random,
                 remote_socket_maker make_socket);

  /// Opens a connection, and others when it is lost.
  void open() {
    link_.open();
  }

  void reconnect() {
    link_.reopen();
  }

  /// For good: calls fail, channels are left.
  void close();

  const remote_state& state() const noexcept {
    return link_.state();
  }

  /// Returns what `cancel` takes.
  std::uint64_t call(remote_request what, const remote_call_options& how);

  /// Whoever waits for it is told why.
  void cancel(std::uint64_t id, caf::error why) {
    calls_.cancel(id, std::move(why));
  }

  remote_listeners listeners;

  remote_channels& channels() noexcept {
    return channels_;
  }

  remote_questions& questions() noexcept {
    return questions_;
  }

private:
  void ready() override;

  void heard(const remote_frame& frame) override;

  void lost(const remote_reason& why, std::size_t longest) override;

  void changed(const remote_state& now) override;

  void ask_first(remote_request what) override;

  remote_options options_;
  remote_link link_;
  remote_calls calls_;
  remote_questions questions_;
  remote_channels channels_;
};

} // namespace flamigo::detail
