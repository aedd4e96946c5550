#include <string>

#include <flamigo/flamigo.hpp>

using namespace flamigo;

void add(strategy_registry& to) {
  auto handler = [] { return true; };
  to.add("app::shop:open", {is_websocket(), has_permission("admin")}, handler);
#ifdef MISTAKES
  // error: a guard is a validator and not a text
  to.add("app::shop:open", "admin", handler);
  // error: a guard is a validator and not a text
  to.add("app::shop:open", {is_websocket(), std::string{"admin"}}, handler);
  // error: a function that makes a validator has to be called
  to.add("app::shop:open", is_websocket, handler);
  // error: a function that makes a validator has to be called
  (void) on("app::shop:open", of_type, handler);
  // error: a validator has a name
  (void) on(
    "app::shop:open", [](const claims&) { return true; }, handler);
#endif
}
