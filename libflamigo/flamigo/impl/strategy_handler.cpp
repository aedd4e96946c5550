#include "flamigo/impl/strategy_handler.hpp"

#include <exception>

#include "flamigo/error.hpp"

namespace flamigo::detail {

strategy_handler::~strategy_handler() = default;

outcome strategy_handler::invoke(context& ctx,
                                 std::string& out) const noexcept {
  try {
    return run(ctx, out);
  } catch (const std::exception& e) {
    return outcome::failed(
      internal_error(std::string{"exception: "} + e.what()));
  } catch (...) {
    return outcome::failed(internal_error("exception of an unknown type"));
  }
}

} // namespace flamigo::detail
