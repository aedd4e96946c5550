#pragma once

#include <optional>
#include <string>
#include <utility>

#include <caf/error.hpp>

#include "flamigo/claims/claims.hpp"
#include "flamigo/client/detail/presence_view.hpp"
#include "flamigo/presence/presence_engine.hpp"
#include "flamigo/presence/presence_options.hpp"

namespace flamigo::detail {

/// What others see of a client in one channel, for as long as this is there,
/// and what it knows of them, if it wants to.
class channel_presence {
public:
  channel_presence(presence_engine& engine, std::string channel,
                   const presence_options& options)
    : engine_(engine), channel_(std::move(channel)), options_(options) {
  }

  channel_presence(const channel_presence&) = delete;

  channel_presence& operator=(const channel_presence&) = delete;

  ~channel_presence() {
    hide();
  }

  /// Has the client seen as who it is now. If that fails it is not seen, until
  /// it is asked again.
  caf::error show(const claims& who);

  void hide() noexcept;

  /// With what the client has subscribed, a JSON value: kept if it is of use.
  void input(std::string what) {
    if (options_.show && options_.shows_input)
      input_ = std::move(what);
  }

  bool is_seen() const noexcept {
    return !key_.empty();
  }

  /// Nothing if it does not want to know.
  std::optional<presence_view> others;

private:
  presence_engine& engine_;
  std::string channel_;
  const presence_options& options_;
  std::string input_ = "null";
  std::string connection_id_;
  /// As which it is seen; empty if it is not.
  std::string key_;
};

} // namespace flamigo::detail
