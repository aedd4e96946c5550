#include "flamigo/http/detail/body_sink.hpp"

#include <string>
#include <utility>

#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/held_task.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/log.hpp"

namespace flamigo::detail {

body_sink::body_sink(std::shared_ptr<held_task> to) : to_(std::move(to)) {
  to_->sink_ = this;
}

body_sink::~body_sink() {
  to_->sink_ = nullptr;
  guarded_or_logged([this] { to_->break_off(); }, [this] { return to_->name; });
}

bool body_sink::put(std::string_view piece) {
  if (!to_->has_room(piece.size()))
    return false;
  to_->put(piece);
  return true;
}

void body_sink::flush() {
  to_->hurry();
}

void body_sink::end(root_task&, caf::error why) {
  end(std::move(why));
}

void body_sink::end(caf::error why) {
  if (!why)
    return to_->finish();
  // Whoever has gone has ended it.
  if (to_->is_awaited())
    log::warn("the handler of " + to_->name
              + ": its response was broken off: " + trace_of(why));
  to_->break_off();
}

} // namespace flamigo::detail
