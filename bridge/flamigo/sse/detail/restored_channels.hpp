#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/client/channel_position.hpp"
#include "flamigo/error/errc.hpp"

namespace flamigo::detail {

/// The channels that a client of server-sent events had before, to which it is
/// subscribed anew as if it had asked for it: the requests that do so, and what
/// the client is told instead of their answers.
class restored_channels {
public:
  /// None.
  restored_channels() = default;

  /// `strategy` is the one that subscribes.
  restored_channels(std::string strategy,
                    const std::vector<channel_position>& what);

  /// Whether all have been answered.
  bool empty() const noexcept {
    return left_ == 0;
  }

  /// The frames that ask for them, with ids that no client can guess.
  const std::vector<std::string>& requests() const noexcept {
    return requests_;
  }

  /// What the client gets in place of a frame that answers one of them:
  /// `subscribed`, or `unsubscribed` with the code of the error. Nothing for
  /// any other frame.
  std::optional<std::string> translate(std::string_view frame);

  /// The same for one that was not asked for.
  std::string refuse(std::size_t which, errc why);

private:
  std::string lost(std::size_t which, std::string_view code) const;

  std::string strategy_;
  /// What stands before the number of a request.
  std::string mark_;
  std::vector<std::string> topics_;
  std::vector<std::string> requests_;
  std::size_t left_ = 0;
};

} // namespace flamigo::detail
