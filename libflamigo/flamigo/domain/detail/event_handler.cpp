#include "flamigo/domain/detail/event_handler.hpp"

#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"

namespace flamigo::detail {

event_handler::~event_handler() = default;

caf::error event_handler::handle(context& ctx, const event& what) const {
  auto result = guarded([&] { return run(ctx, what); },
                        [](caf::error why) { return why; });
  return result ? wrap(std::move(result), "handle event(" + name() + ")")
                : result;
}

} // namespace flamigo::detail
