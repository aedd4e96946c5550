#pragma once

#include <cstdint>
#include <string_view>

#include <caf/error.hpp>

#include "flamigo/client/detail/asking_client.hpp"
#include "flamigo/strategy/strategy.hpp"

namespace flamigo::detail {

/// A layer of a connection actor: what the client is told that goes wrong, and
/// how much of it may be its own fault before the connection is closed.
class refusing_client : public asking_client {
public:
  using asking_client::asking_client;

protected:
  /// To a request of this strategy, or of none if that is null.
  void send_error(const caf::error& why, std::string_view ack_id,
                  const strategy* what = nullptr);

  /// What the client has shown when it connected is looked at from now on, or
  /// has been.
  void entering(bool value) noexcept {
    entering_ = value;
  }

  /// The error of a strategy.
  void fail(caf::error why, const strategy& what, std::string_view ack_id);

  void refuse_malformed(caf::error why, std::string_view ack_id);

  void refuse_excess(std::string_view ack_id);

  /// Of what came too often, and has to wait for so long: by the limit of this
  /// strategy, or that of all requests if it is null.
  void refuse_haste(caf::timespan wait, std::string_view ack_id,
                    const strategy* what = nullptr);

  /// Of a message that came while too many others wait to be looked at.
  void refuse_unheard(caf::error why, std::string_view ack_id);

  void forgive_malformed() noexcept {
    malformed_in_row_ = 0;
  }

  void forgive_excess() noexcept {
    refused_in_row_ = 0;
  }

private:
  /// Of what a client has shown.
  void count_refusal(int status) const noexcept;

  void log_error(const caf::error& why) const;

  bool entering_ = false;
  std::uint32_t malformed_in_row_ = 0;
  std::uint32_t refused_in_row_ = 0;
};

} // namespace flamigo::detail
