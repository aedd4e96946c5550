#include "flamigo/presence/memory_presence.hpp"

#include <exception>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/presence/detail/presence_rooms.hpp"
#include "flamigo/presence/presence_event.hpp"

namespace flamigo {

namespace {

/// It is time to tell.
using tell_atom = caf::atom_constant<caf::atom("tell")>;

/// Publishes what has changed: an actor, so that the changes of a channel come
/// one after the other.
caf::behavior herald(caf::event_based_actor* self, const bus* events,
                     const std::shared_ptr<detail::presence_rooms>& rooms,
                     caf::timespan interval) {
  self->set_exception_handler([=](std::exception_ptr& what) {
    log::error("who is in which channel is told of later: "
               + trace_of(detail::caught(what)));
    self->delayed_send(self, interval, tell_atom::value);
    return caf::error{};
  });
  return {
    [=](tell_atom) {
      rooms->answer_call();
      for (std::size_t i = 0; i < detail::presence_rooms::parts; ++i)
        for (auto& change : rooms->take_changes(i))
          events->deliver(make_presence_event(std::move(change)),
                          self->context());
    },
  };
}

} // namespace

memory_presence::memory_presence(const bus& events,
                                 const memory_presence_options& options)
  : options_(options), rooms_(std::make_shared<detail::presence_rooms>()),
    herald_(events.system().spawn<caf::hidden>(herald, &events, rooms_,
                                               options.interval)) {
}

memory_presence::~memory_presence() {
  caf::anon_send_exit(herald_, caf::exit_reason::user_shutdown);
}

void memory_presence::call_herald() {
  caf::delayed_anon_send(herald_, options_.interval, tell_atom::value);
}

void memory_presence::set(std::string_view channel, const presence_member& who,
                          std::string_view before, std::size_t max_bytes) {
  if (rooms_->set(channel, who, before, max_bytes))
    call_herald();
}

void memory_presence::remove(std::string_view channel, std::string_view key,
                             std::string_view connection_id) {
  if (rooms_->remove(channel, key, connection_id))
    call_herald();
}

void memory_presence::list(std::string_view channel, list_receiver then) {
  then(detail::guarded(
    [&]() -> caf::expected<presence_list> { return rooms_->list(channel); },
    [](caf::error why) -> caf::expected<presence_list> { return why; }));
}

} // namespace flamigo
