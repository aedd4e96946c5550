#include "flamigo/presence/memory_presence.hpp"

#include <exception>
#include <utility>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/bus.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/presence/detail/presence_rooms.hpp"
#include "flamigo/presence/presence_event.hpp"

namespace flamigo {

namespace {

/// It is time to tell.
using tell_atom = caf::atom_constant<caf::atom("tell")>;

/// Takes what has changed and publishes it. If memory runs short, it goes on
/// where it was when it is called again.
class teller {
public:
  teller(const bus& events, std::shared_ptr<detail::presence_rooms> rooms)
    : events_(&events), rooms_(std::move(rooms)) {
  }

  void tell(caf::execution_unit* host) {
    rooms_->answer_call();
    tell_taken(host);
    for (std::size_t i = 0; i < detail::presence_rooms::parts; ++i) {
      taken_ = rooms_->take_changes(i);
      tell_taken(host);
    }
  }

private:
  void tell_taken(caf::execution_unit* host) {
    for (; next_ < taken_.size(); ++next_)
      events_->deliver(make_presence_event(taken_[next_]), host);
    taken_.clear();
    next_ = 0;
  }

  const bus* events_;
  std::shared_ptr<detail::presence_rooms> rooms_;
  std::vector<presence_change> taken_;
  std::size_t next_ = 0;
};

/// An actor, so that the changes of a channel come one after the other.
caf::behavior herald(caf::event_based_actor* self, const bus* events,
                     const std::shared_ptr<detail::presence_rooms>& rooms,
                     caf::timespan interval) {
  self->set_exception_handler([=](std::exception_ptr& what) {
    log::error("who is in which channel is told of later: "
               + trace_of(detail::caught(what)));
    self->delayed_send(self, interval, tell_atom::value);
    return caf::error{};
  });
  auto work = std::make_shared<teller>(*events, rooms);
  return {
    [=](tell_atom) { work->tell(self->context()); },
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

void memory_presence::call_herald() noexcept {
  auto call = [this] {
    caf::delayed_anon_send(herald_, options_.interval, tell_atom::value);
  };
  // The next change calls it.
  if (!detail::guarded_or_logged(call, [] { return "who is in a channel"; }))
    rooms_->answer_call();
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

std::size_t memory_presence::channels() const {
  return rooms_->count().channels;
}

std::size_t memory_presence::people() const {
  return rooms_->count().people;
}

void memory_presence::list(std::string_view channel, list_receiver then) {
  then(detail::guarded(
    [&]() -> caf::expected<presence_list> { return rooms_->list(channel); },
    [](caf::error why) -> caf::expected<presence_list> { return why; }));
}

} // namespace flamigo
