#include "flamigo/testing/event_log.hpp"

#include <caf/event_based_actor.hpp>

#include "flamigo/testing/failure.hpp"

namespace flamigo::testing {

namespace {

caf::behavior listen_to_all(caf::event_based_actor* self, caf::group all,
                            std::shared_ptr<std::deque<event_ptr>> to) {
  self->set_default_handler(caf::drop);
  self->join(all);
  return {[to](const event_ptr& what) { to->push_back(what); }};
}

} // namespace

event_log::event_log(actor_fixture& in) : in_(&in) {
  in.adopt(in.system.spawn(listen_to_all, in.bus.group("*"), published_));
  in.run();
}

bool event_log::empty() {
  in_->run();
  return published_->empty();
}

void event_log::clear() {
  in_->run();
  published_->clear();
}

bool event_log::is_under(const event& what, const topic_pattern& where) {
  return std::any_of(what.topics().begin(), what.topics().end(),
                     [&where](auto& x) { return where.matches(x); });
}

void event_log::fail(const std::string& expected) const {
  auto text = "expected " + expected;
  if (!published_->empty())
    text += "\npublished meanwhile:";
  for (auto& what : *published_) {
    text += "\n ";
    for (auto& where : what->topics())
      text += " " + where.text();
    if (what->is_for_clients())
      text += " " + what->client_frame();
  }
  throw failure{text};
}

} // namespace flamigo::testing
