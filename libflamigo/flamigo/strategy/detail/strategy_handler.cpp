#include "flamigo/strategy/detail/strategy_handler.hpp"

#include "flamigo/error/detail/guarded.hpp"

namespace flamigo::detail {

strategy_handler::~strategy_handler() = default;

bool strategy_handler::streams() const noexcept {
  return false;
}

kind_finder strategy_handler::kinds_in() const noexcept {
  return nullptr;
}

bytes_finder strategy_handler::bytes_in() const noexcept {
  return nullptr;
}

bytes_finder strategy_handler::bytes_out() const noexcept {
  return nullptr;
}

schema_function strategy_handler::input_schema() const noexcept {
  return nullptr;
}

std::vector<schema_function> strategy_handler::output_schemas() const {
  return {};
}

outcome strategy_handler::invoke(context& ctx, std::string& out) const {
  auto result
    = guarded([&] { return run(ctx, out); },
              [](caf::error why) { return outcome::failed(std::move(why)); });
  if (ctx.deferred() && result.what() != outcome::kind::deferred) {
    ctx.fail_late(std::move(result.error()));
    result = outcome::deferred();
  }
  return result;
}

} // namespace flamigo::detail
