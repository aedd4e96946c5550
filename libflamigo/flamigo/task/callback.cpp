#include "flamigo/task/callback.hpp"

#include <caf/atom.hpp>
#include <caf/message.hpp>

namespace flamigo {

void detail::tell_resolved(const caf::strong_actor_ptr& asker,
                           caf::message_id id) {
  asker->enqueue(nullptr, id, caf::make_message(caf::atom("done")), nullptr);
}

void resolver<void>::operator()() const {
  state_->resolve(caf::unit);
}

void resolver<void>::fail(caf::error why) const {
  state_->resolve(caf::expected<caf::unit_t>{std::move(why)});
}

} // namespace flamigo
