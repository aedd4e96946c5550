// Tells the thread sanitizer what CAF's library, which is not instrumented,
// does: which of a thread's doings come before which of another one's. Nothing
// is suppressed by it: what these rules do not order is reported.
//
// - What was done before a message was sent comes before it is handled.
// - An actor handles one message at a time, on whatever thread.
// - A thread of an actor's own is made before anybody wakes it.
// - Whoever drops the last reference comes after all who dropped theirs.
//
// The program's definitions of these functions take the place of the library's,
// which they call.

#include <stdexcept>
#include <string>
#include <utility>

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <caf/actor_control_block.hpp>
#include <caf/atom.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/defaults.hpp>
#include <caf/detail/private_thread.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/ref_counted.hpp>
#include <caf/scheduled_actor.hpp>

namespace {

/// What CAF's library has under this name.
template <class F>
F* original(const char* name) {
  auto* result = ::dlsym(RTLD_NEXT, name);
  if (result == nullptr)
    throw std::logic_error{
      std::string{name} + " is not in CAF's library: see what took its place"};
  return reinterpret_cast<F*>(result);
}

void released(const void* what) {
  __tsan_release(const_cast<void*>(what));
}

void acquired(const void* what) {
  __tsan_acquire(const_cast<void*>(what));
}

/// While an actor does something of its own.
class turn {
public:
  explicit turn(const void* who) : who_(who) {
    acquired(who_);
  }

  turn(const turn&) = delete;

  turn& operator=(const turn&) = delete;

  ~turn() {
    released(who_);
  }

private:
  const void* who_;
};

} // namespace

namespace caf {

// -- jobs ---------------------------------------------------------------------

/// What a system takes that is not told otherwise. The queue of this one has a
/// mutex, which the thread sanitizer sees; the usual one's would need rules of
/// its own.
const atom_value defaults::scheduler::policy = atom("sharing");

// -- messages -----------------------------------------------------------------

void scheduled_actor::enqueue(mailbox_element_ptr what, execution_unit* host) {
  static auto* next
    = original<void(scheduled_actor*, mailbox_element_ptr, execution_unit*)>(
      "_ZN3caf15scheduled_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_"
      "6detail8disposerEEPNS_14execution_unitE");
  released(what.get());
  // Where whoever ends takes what is left; with CAF's header it does so by the
  // atomic pointer that is the first member.
  released(&mailbox());
  next(this, std::move(what), host);
}

void blocking_actor::enqueue(mailbox_element_ptr what, execution_unit* host) {
  static auto* next
    = original<void(blocking_actor*, mailbox_element_ptr, execution_unit*)>(
      "_ZN3caf14blocking_actor7enqueueESt10unique_ptrINS_15mailbox_elementENS_"
      "6detail8disposerEEPNS_14execution_unitE");
  released(what.get());
  next(this, std::move(what), host);
}

intrusive::task_result
blocking_actor::mailbox_visitor::operator()(mailbox_element& what) {
  static auto* next
    = original<intrusive::task_result(mailbox_visitor*, mailbox_element&)>(
      "_ZN3caf14blocking_actor15mailbox_visitorclERNS_15mailbox_elementE");
  acquired(&what);
  return next(this, what);
}

// -- turns of an actor --------------------------------------------------------

void scheduled_actor::launch(execution_unit* host, bool lazy, bool hide) {
  static auto* next
    = original<void(scheduled_actor*, execution_unit*, bool, bool)>(
      "_ZN3caf15scheduled_actor6launchEPNS_14execution_unitEbb");
  released(this);
  next(this, host, lazy, hide);
}

bool scheduled_actor::activate(execution_unit* host) {
  static auto* next = original<bool(scheduled_actor*, execution_unit*)>(
    "_ZN3caf15scheduled_actor8activateEPNS_14execution_unitE");
  turn now{this};
  return next(this, host);
}

scheduled_actor::activation_result
scheduled_actor::reactivate(mailbox_element& what) {
  static auto* next
    = original<activation_result(scheduled_actor*, mailbox_element&)>(
      "_ZN3caf15scheduled_actor10reactivateERNS_15mailbox_elementE");
  turn now{this};
  acquired(&what);
  return next(this, what);
}

/// What nobody has handled is dropped here.
bool scheduled_actor::cleanup(error&& why, execution_unit* host) {
  static auto* next
    = original<bool(scheduled_actor*, error&&, execution_unit*)>(
      "_ZN3caf15scheduled_actor7cleanupEONS_5errorEPNS_14execution_unitE");
  acquired(&mailbox());
  return next(this, std::move(why), host);
}

// -- threads of actors' own ---------------------------------------------------

void detail::private_thread::start() {
  static auto* next
    = original<void(private_thread*)>("_ZN3caf6detail14private_thread5startEv");
  released(this);
  next(this);
}

void detail::private_thread::resume() {
  static auto* next = original<void(private_thread*)>(
    "_ZN3caf6detail14private_thread6resumeEv");
  acquired(this);
  next(this);
}

void detail::private_thread::notify_self_destroyed() {
  static auto* next = original<void(private_thread*)>(
    "_ZN3caf6detail14private_thread21notify_self_destroyedEv");
  acquired(this);
  next(this);
}

// -- references ---------------------------------------------------------------

void ref_counted::deref() const noexcept {
  static auto* next
    = original<void(const ref_counted*)>("_ZNK3caf11ref_counted5derefEv");
  released(this);
  acquired(this);
  next(this);
}

void intrusive_ptr_release(actor_control_block* what) {
  static auto* next = original<void(actor_control_block*)>(
    "_ZN3caf21intrusive_ptr_releaseEPNS_19actor_control_blockE");
  released(what);
  acquired(what);
  next(what);
}

void intrusive_ptr_release_weak(actor_control_block* what) {
  static auto* next = original<void(actor_control_block*)>(
    "_ZN3caf26intrusive_ptr_release_weakEPNS_19actor_control_blockE");
  released(what);
  acquired(what);
  next(what);
}

} // namespace caf
