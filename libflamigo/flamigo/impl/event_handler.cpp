#include "flamigo/impl/event_handler.hpp"

#include <exception>

#include "flamigo/error.hpp"

namespace flamigo::detail {

event_handler::~event_handler() = default;

caf::error event_handler::handle(context& ctx,
                                 const event& what) const noexcept {
  caf::error result;
  try {
    result = run(ctx, what);
  } catch (const std::exception& e) {
    result = internal_error(std::string{"exception: "} + e.what());
  } catch (...) {
    result = internal_error("exception of an unknown type");
  }
  return wrap(std::move(result), "handle event(" + name() + ")");
}

} // namespace flamigo::detail
