#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

#include <caf/actor_control_block.hpp>

#include "flamigo/bus/event.hpp"

namespace flamigo::detail {

class home_unit;
class homed_actor;

/// A subscriber that has a home. The pointer is to the actor that the reference
/// keeps.
struct homed_receiver {
  /// `homed_actor::hear`. Whoever cannot be told, since memory runs short, is
  /// overrun; the others, and whoever publishes, have nothing to do with it.
  void hear(const event_ptr& what) const noexcept;

  /// The same with `homed_actor::accept_event`.
  void accept(const event_ptr& what) const noexcept;

  caf::strong_actor_ptr handle;
  homed_actor* actor;
};

/// Receivers of an event who have the same home.
struct homed_receivers {
  home_unit* home;
  std::vector<homed_receiver> all;
};

/// Who gets one event, each once, sorted by what runs them. Counted in itself,
/// so that who reads the subscription table without a lock needs no more than
/// its address.
struct receivers
  : boost::intrusive_ref_counter<receivers, boost::thread_safe_counter> {
  /// CAF's scheduler.
  std::vector<caf::strong_actor_ptr> scheduled;

  /// Threads of their own: one entry each, or one for each of the lists that
  /// were put together.
  std::vector<std::shared_ptr<homed_receivers>> homed;

  /// `actor` is null when the subscriber has no home.
  void add(const caf::strong_actor_ptr& who, homed_actor* actor);

  std::size_t size() const noexcept;

  /// Tells each of them: on this thread whoever is at home here, by one entry a
  /// thread the others, and by mailboxes whoever has no home. `host` is the
  /// calling thread's execution unit, if it has one. Throws std::bad_alloc
  /// before anybody is told; later, whoever cannot be told is overrun, or gets
  /// a line in the log if he has no home.
  void tell(const event_ptr& what, caf::execution_unit* host) const;

  template <class F>
  void for_each(F f) const {
    for (auto& who : scheduled)
      f(who);
    for (auto& group : homed)
      for (auto& who : group->all)
        f(who.handle);
  }

private:
  homed_receivers& group_of(home_unit* home);
};

using receivers_ptr = boost::intrusive_ptr<const receivers>;

/// Who is in one of the lists, each once. It is the largest of them if that has
/// all; else it shares what that has, whoever is added.
/// @pre there are two or more, and none is null
receivers_ptr merge(std::span<const receivers_ptr> parts);

} // namespace flamigo::detail
