#include "flamigo/bus/detail/sync_delivery.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/detail/receivers.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

/// Tells the courier that there is nobody to wait for any more.
struct all_answered {};

namespace {

using done_atom = caf::atom_constant<caf::atom("done")>;

/// A listener that has no handler for events, or answers them with something,
/// is done with them as well.
bool went_wrong(const caf::error& why) {
  return why != caf::sec::unexpected_message
         && why != caf::sec::unexpected_response;
}

} // namespace

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::all_answered)

namespace flamigo::detail {

/// Who has not answered yet, and who failed.
struct sync_delivery::progress {
  std::mutex mtx;
  std::condition_variable finished;
  std::map<caf::actor_id, caf::actor> waiting;
  publish_report report;
  /// Whether it is still to be sent.
  bool unsent = false;
  /// Whether nobody waits any more.
  bool closed = false;

  bool done() const noexcept {
    return waiting.empty() && !unsent;
  }

  /// It is sent to these now.
  void expect(const receivers& to) {
    to.for_each([this](const caf::strong_actor_ptr& who) {
      waiting.emplace(who->id(), caf::actor_cast<caf::actor>(who));
    });
    report.listeners = to.size();
  }

  bool answered(caf::actor_id who, caf::error why) {
    std::lock_guard guard{mtx};
    auto i = waiting.find(who);
    if (i == waiting.end())
      return false;
    if (why && went_wrong(why))
      report.failures.push_back(
        {std::move(i->second), wrap(std::move(why), "listener")});
    waiting.erase(i);
    if (!done())
      return false;
    finished.notify_all();
    return true;
  }

  /// Nobody waits any more.
  void abandon() {
    std::lock_guard guard{mtx};
    closed = true;
  }

  /// Whoever still has not answered is late.
  publish_report close() {
    std::lock_guard guard{mtx};
    closed = true;
    if (unsent)
      report.failures.push_back({{}, make_error(errc::timeout)});
    for (auto& entry : waiting)
      report.failures.push_back(
        {std::move(entry.second), make_error(errc::timeout)});
    waiting.clear();
    return std::move(report);
  }
};

/// Waits for the answers. It is ready for them before the event is sent, and
/// sending is left to the publisher, so that nothing he publishes afterwards
/// can be faster.
class sync_delivery::courier final : public caf::event_based_actor {
public:
  /// `waits` is the one that is asked whether all have answered, where that is
  /// another one.
  courier(caf::actor_config& cfg, std::shared_ptr<progress> what,
          caf::actor waits = {})
    : caf::event_based_actor(cfg), progress_(std::move(what)),
      waits_(std::move(waits)) {
  }

  const char* name() const override {
    return "courier";
  }

  /// A promise holds the actor that has made it, which would not go.
  void on_exit() override {
    asked_ = {};
  }

  /// Sends the event in the name of this actor. In it, or by whoever has
  /// spawned it, before it is sent anything.
  void send_to(const receivers& to, const event_ptr& what,
               caf::execution_unit* unit) {
    std::vector<caf::message_id> ids;
    ids.reserve(to.size());
    to.for_each([&](const caf::strong_actor_ptr& who) {
      ids.push_back(new_request_id(caf::message_priority::normal));
      add_multiplexed_response_handler(
        ids.back().response_id(),
        caf::behavior{[this, id = who->id()] { answered(id, {}); },
                      [this, id = who->id()](caf::error& why) {
                        answered(id, std::move(why));
                      }});
    });
    caf::strong_actor_ptr self{ctrl()};
    auto content = caf::make_message(what);
    auto id = ids.begin();
    to.for_each([&](const caf::strong_actor_ptr& who) {
      who->enqueue(self, *id++, content, unit);
    });
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](done_atom) -> caf::result<caf::unit_t> {
        std::lock_guard guard{progress_->mtx};
        if (progress_->done())
          return caf::unit;
        asked_ = make_response_promise();
        return asked_;
      },
      [this](all_answered) {
        if (asked_.pending())
          asked_.deliver(caf::unit);
      },
    };
  }

private:
  void answered(caf::actor_id who, caf::error why) {
    if (!progress_->answered(who, std::move(why)))
      return;
    if (waits_)
      caf::anon_send(waits_, all_answered{});
    else if (asked_.pending())
      asked_.deliver(caf::unit);
  }

  std::shared_ptr<progress> progress_;
  const caf::actor waits_;
  caf::response_promise asked_;
};

// -- sending ------------------------------------------------------------------

sync_delivery::sync_delivery(caf::actor_system& system)
  : progress_(std::make_shared<progress>()),
    // Lazy: it runs when the first answer is there.
    courier_(system.spawn<courier, caf::hidden + caf::lazy_init>(progress_)) {
}

sync_delivery::sync_delivery(caf::actor_system& system, const event_ptr& what,
                             const receivers_ptr& to, caf::execution_unit* host)
  : progress_(std::make_shared<progress>()) {
  if (!to)
    return;
  *this = sync_delivery{system};
  progress_->expect(*to);
  courier_of(courier_).send_to(*to, what, host);
}

std::shared_ptr<sync_delivery::late_sending> sync_delivery::begin_sending() {
  progress_->unsent = true;
  return std::make_shared<late_sending>(progress_, courier_);
}

sync_delivery::courier& sync_delivery::courier_of(const caf::actor& x) {
  return *static_cast<courier*>(caf::actor_cast<caf::abstract_actor*>(x));
}

sync_delivery::late_sending::late_sending(std::shared_ptr<progress> of,
                                          caf::actor courier)
  : progress_(std::move(of)), courier_(std::move(courier)) {
}

bool sync_delivery::late_sending::send(const event_ptr& what, receivers_ptr to,
                                       caf::execution_unit* unit) {
  std::unique_lock guard{progress_->mtx};
  if (progress_->closed)
    return false;
  progress_->unsent = false;
  if (to)
    progress_->expect(*to);
  else
    progress_->finished.notify_all();
  if (!to) {
    // With the lock, so that it is there before the courier's end.
    caf::anon_send(courier_, all_answered{});
    return true;
  }
  guard.unlock();
  if (caller_ == std::this_thread::get_id()) {
    courier_of(courier_).send_to(*to, what, unit);
    return true;
  }
  // From here, so that nothing that is delivered behind it is faster. The
  // courier may be at work: another one hears the answers.
  auto other
    = courier_.home_system().spawn<courier, caf::hidden + caf::lazy_init>(
      progress_, courier_);
  courier_of(other).send_to(*to, what, unit);
  return true;
}

void sync_delivery::late_sending::fail(caf::error why) {
  std::lock_guard guard{progress_->mtx};
  progress_->unsent = false;
  progress_->report.failures.push_back({{}, std::move(why)});
  progress_->finished.notify_all();
  caf::anon_send(courier_, all_answered{});
}

void sync_delivery::late_sending::end_of_call() noexcept {
  caller_ = std::thread::id{};
}

// -- waiting ------------------------------------------------------------------

publish_report sync_delivery::wait(caf::timespan timeout) {
  {
    std::unique_lock guard{progress_->mtx};
    progress_->finished.wait_for(guard, timeout,
                                 [this] { return progress_->done(); });
  }
  return close();
}

void sync_delivery::then(caf::event_based_actor& self, caf::timespan timeout,
                         std::function<void(publish_report)> done) {
  if (!courier_) {
    done({});
    return;
  }
  auto asked = self.request(courier_, timeout, done_atom::value);
  auto finish = [progress = progress_, courier = courier_, &self,
                 id = asked.id(), done = std::move(done)] {
    // CAF's timeout would stay in its clock otherwise.
    self.clock().cancel_request_timeout(&self, id);
    auto report = progress->close();
    caf::anon_send_exit(courier, caf::exit_reason::kill);
    done(std::move(report));
  };
  asked.then([finish](caf::unit_t) { finish(); },
             [finish](caf::error&) { finish(); });
}

caf::message_id sync_delivery::ask(caf::event_based_actor& self) {
  auto id = self.new_request_id(caf::message_priority::normal);
  courier_->enqueue(caf::make_mailbox_element(self.ctrl(), id, {},
                                              done_atom::value),
                    self.context());
  return id.response_id();
}

publish_report sync_delivery::close() {
  auto result = progress_ ? progress_->close() : publish_report{};
  forget();
  return result;
}

void sync_delivery::forget() noexcept {
  if (auto gone = std::exchange(courier_, nullptr))
    guarded_or_logged(
      [&] {
        // In this order: what is sent until then reaches the courier.
        if (progress_)
          progress_->abandon();
        caf::anon_send_exit(gone, caf::exit_reason::kill);
      },
      [] { return std::string{"publish_sync"}; });
}

} // namespace flamigo::detail
