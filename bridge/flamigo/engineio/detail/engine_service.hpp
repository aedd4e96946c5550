#pragma once

#include <memory>
#include <string_view>

#include "flamigo/engineio/detail/engine_session.hpp"

namespace flamigo::detail {

/// What speaks above Engine.IO. Called on several I/O threads at once; must
/// outlive the server.
class engine_service {
public:
  /// Makes the owner of a session, on its thread. What it sends stands behind
  /// the open packet. Null ends the session.
  virtual std::shared_ptr<engine_session::owner>
  accept(std::shared_ptr<engine_session> what) = 0;

  /// Name of a cookie in which a client may show its token; none if empty.
  virtual std::string_view token_cookie() const {
    return {};
  }

protected:
  ~engine_service() = default;
};

} // namespace flamigo::detail
