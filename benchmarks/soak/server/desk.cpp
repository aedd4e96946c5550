#include "desk.hpp"

#include <flamigo/context/context.hpp>
#include <flamigo/json/raw_json.hpp>

#include "events.hpp"
#include "messages.hpp"
#include "publishing.hpp"

namespace flamigo::soak {

flamigo::domain_behavior desk(flamigo::domain_actor<>*,
                              std::atomic<std::uint64_t>* published) {
  using flamigo::on;
  return {
    on("app::desk:echo", [](const flamigo::raw_json& in) { return in; }),
    on("app::desk:publish",
       [=](flamigo::context& ctx, const manner& in) {
         auto n = published->fetch_add(in.how == way::plain ? 1 : 2);
         return publish(ctx, {from_desk, n, in.how});
       }),
    on("app::desk:subscribe", subscribe),
    on("app::desk:listen", listen),
  };
}

} // namespace flamigo::soak
