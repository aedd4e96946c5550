#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "flamigo/engineio/detail/engine_endpoint.hpp"
#include "flamigo/engineio/detail/engine_service.hpp"
#include "flamigo/socketio/detail/socket_io_core.hpp"

namespace flamigo::detail {

/// Where clients of Socket.IO come. The core and the environment must outlive
/// it.
class socket_io_service final : public engine_service {
public:
  /// Mounts itself on the path that the options say.
  socket_io_service(server_core& core, const client_environment& env,
                    socket_io_options options);

  socket_io_service(const socket_io_service&) = delete;

  socket_io_service& operator=(const socket_io_service&) = delete;

  std::shared_ptr<engine_session::owner>
  accept(std::shared_ptr<engine_session> what) override;

  std::string_view token_cookie() const override;

private:
  /// As of all clients.
  const std::string token_cookie_;
  socket_io_core core_;
  engine_endpoint endpoint_;
};

} // namespace flamigo::detail
