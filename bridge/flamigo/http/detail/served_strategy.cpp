#include "flamigo/http/detail/served_strategy.hpp"

#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/joined_payload.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/strategy_registry.hpp"

namespace flamigo::detail {

task<http_response> served_strategy::operator()(context ctx,
                                                http_request in) const {
  auto* what = ctx.strategies().find(name);
  if (what == nullptr)
    co_return make_error(errc::unknown_strategy);
  auto payload = joined_payload(in, what->info().kinds_in);
  if (!payload)
    co_return std::move(payload.error());
  raw_json input{std::move(*payload)};
  auto answer = co_await ctx.call_strategy<raw_json>(name, input);
  if (!answer)
    co_return std::move(answer.error());
  co_return http_response{.content_type = "application/json",
                          .body = std::move(answer->text)};
}

} // namespace flamigo::detail
