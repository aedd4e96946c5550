#pragma once

#include <string_view>

#include <caf/actor.hpp>

#include "flamigo/admin/detail/admin_sources.hpp"
#include "flamigo/bus/bus.hpp"
#include "flamigo/client/client_environment.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/http/http_routes.hpp"
#include "flamigo/roster/roster.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

/// The live view: a page, and strategies that only its own WebSocket has, for
/// holders of a key with the scope `admin`. Those who look have a bus and a
/// roster of their own, so that the program sees nothing of them.
///
/// It outlives the connections that have its environment.
class admin_view {
public:
  /// Of the keys of the API.
  static constexpr std::string_view scope = "admin";

  /// Of the WebSocket.
  static constexpr char path[] = "/admin/ws";

  explicit admin_view(admin_sources from);

  admin_view(const admin_view&) = delete;

  admin_view& operator=(const admin_view&) = delete;

  /// For the connections of who looks.
  const client_environment& environment() const noexcept {
    return env_;
  }

  /// Serves the page.
  static void mount(http_routes& to);

  /// Ends the actor that knows who looks as soon as nobody does any more, and
  /// returns it.
  const caf::actor& finish() const;

  /// When that has ended.
  void stop();

private:
  admin_sources from_;
  strategy_registry strategies_;
  flamigo::bus bus_;
  services application_;
  roster viewers_;
  client_environment env_;
};

} // namespace flamigo::detail
