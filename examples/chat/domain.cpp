#include "domain.hpp"

#include <chrono>

#include <flamigo/validator.hpp>

namespace chat {

namespace {

std::int64_t now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch())
    .count();
}

} // namespace

flamigo::domain_behavior domain(flamigo::domain_actor<state>* self) {
  using flamigo::on;
  return {
    on("app::chat:post", flamigo::is_websocket(),
       [=](const post& in) -> caf::result<posted> {
         auto added = self->state.rooms.add(in, now());
         if (!added)
           return added.error();
         return posted{added->id};
       }),
    on("app::chat:history",
       [=](const history_request& in) { return self->state.rooms.latest(in); }),
  };
}

} // namespace chat
