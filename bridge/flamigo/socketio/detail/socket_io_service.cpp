#include "flamigo/socketio/detail/socket_io_service.hpp"

#include <utility>

#include "flamigo/socketio/detail/socket_io_session.hpp"

namespace flamigo::detail {

socket_io_service::socket_io_service(server_core& core,
                                     const client_environment& env,
                                     socket_io_options options)
  : token_cookie_(env.auth ? env.auth->options.cookie : std::string{}),
    core_{core, options.connect_timeout, options.keep_auth,
          options.max_attachments},
    endpoint_(core, std::move(options.engine), *this) {
  if (options.format != nullptr)
    core_.format = options.format;
  auto main = env;
  if (options.recovery) {
    core_.kept = std::make_unique<kept_clients>(*options.recovery);
    main.keeps_clients = true;
  }
  for (auto& [where, hook] : options.namespaces) {
    auto own = main;
    own.on_open = std::move(hook);
    core_.namespaces.emplace(where, std::move(own));
  }
  core_.namespaces.emplace(socket_io_core::main_namespace, std::move(main));
}

std::shared_ptr<engine_session::owner>
socket_io_service::accept(std::shared_ptr<engine_session> what) {
  return std::make_shared<socket_io_session>(core_, std::move(what));
}

std::string_view socket_io_service::token_cookie() const {
  return token_cookie_;
}

} // namespace flamigo::detail
