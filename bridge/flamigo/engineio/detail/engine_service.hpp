#pragma once

#include <memory>

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

protected:
  ~engine_service() = default;
};

} // namespace flamigo::detail
