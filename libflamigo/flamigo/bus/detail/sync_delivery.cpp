#include "flamigo/bus/detail/sync_delivery.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor_clock.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>

#include "flamigo/bus/detail/receivers.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"

namespace flamigo::detail {

namespace {

using done_atom = caf::atom_constant<caf::atom("done")>;

/// A listener that has no handler for events, or answers them with something,
/// is done with them as well.
bool is_failure(const caf::error& why) {
  return why != caf::sec::unexpected_message
         && why != caf::sec::unexpected_response;
}

} // namespace

/// Who has not answered yet, and who failed.
struct sync_delivery::progress {
  std::mutex mtx;
  std::condition_variable finished;
  std::map<caf::actor_id, caf::actor> waiting;
  publish_report report;

  bool answered(caf::actor_id who, caf::error why) {
    std::lock_guard guard{mtx};
    auto i = waiting.find(who);
    if (i == waiting.end())
      return false;
    if (why && is_failure(why))
      report.failures.push_back(
        {std::move(i->second), wrap(std::move(why), "listener")});
    waiting.erase(i);
    if (!waiting.empty())
      return false;
    finished.notify_all();
    return true;
  }

  /// Whoever still has not answered is late.
  publish_report close() {
    std::lock_guard guard{mtx};
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
  courier(caf::actor_config& cfg, std::shared_ptr<progress> what,
          const receivers& to)
    : caf::event_based_actor(cfg), progress_(std::move(what)) {
    requests.reserve(to.size());
    to.for_each([this](const caf::strong_actor_ptr& who) {
      requests.push_back(new_request_id(caf::message_priority::normal));
      add_multiplexed_response_handler(
        requests.back().response_id(),
        caf::behavior{[this, id = who->id()] { answered(id, {}); },
                      [this, id = who->id()](caf::error& why) {
                        answered(id, std::move(why));
                      }});
    });
  }

  const char* name() const override {
    return "courier";
  }

  /// A promise holds the actor that has made it, which would not go.
  void on_exit() override {
    asked_ = {};
  }

  /// One for each receiver. Only for whoever spawns it, and before it is sent
  /// anything.
  std::vector<caf::message_id> requests;

protected:
  caf::behavior make_behavior() override {
    return {
      [this](done_atom) -> caf::result<caf::unit_t> {
        std::lock_guard guard{progress_->mtx};
        if (progress_->waiting.empty())
          return caf::unit;
        asked_ = make_response_promise();
        return asked_;
      },
    };
  }

private:
  void answered(caf::actor_id who, caf::error why) {
    if (progress_->answered(who, std::move(why)) && asked_.pending())
      asked_.deliver(caf::unit);
  }

  std::shared_ptr<progress> progress_;
  caf::response_promise asked_;
};

sync_delivery::sync_delivery(caf::actor_system& system, const event_ptr& what,
                             const receivers_ptr& to, caf::execution_unit* host)
  : progress_(std::make_shared<progress>()) {
  if (!to)
    return;
  to->for_each([this](const caf::strong_actor_ptr& who) {
    progress_->waiting.emplace(who->id(), caf::actor_cast<caf::actor>(who));
  });
  progress_->report.listeners = to->size();
  // Lazy: it runs when the first answer is there.
  courier_ = system.spawn<courier, caf::hidden + caf::lazy_init>(progress_,
                                                                 *to);
  auto self = caf::actor_cast<caf::strong_actor_ptr>(courier_);
  auto ids = std::move(static_cast<courier*>(self->get())->requests);
  auto content = caf::make_message(what);
  auto id = ids.begin();
  to->for_each([&](const caf::strong_actor_ptr& who) {
    who->enqueue(self, *id++, content, host);
  });
}

publish_report sync_delivery::wait(caf::timespan timeout) {
  {
    std::unique_lock guard{progress_->mtx};
    progress_->finished.wait_for(guard, timeout,
                                 [this] { return progress_->waiting.empty(); });
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
    caf::anon_send_exit(courier, caf::exit_reason::kill);
    done(progress->close());
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
  forget();
  return progress_ ? progress_->close() : publish_report{};
}

void sync_delivery::forget() noexcept {
  if (auto gone = std::exchange(courier_, nullptr))
    guarded_or_logged(
      [&] { caf::anon_send_exit(gone, caf::exit_reason::kill); },
      [] { return std::string{"publish_sync"}; });
}

} // namespace flamigo::detail
