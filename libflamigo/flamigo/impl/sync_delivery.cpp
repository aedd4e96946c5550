#include "flamigo/impl/sync_delivery.hpp"

#include <condition_variable>
#include <map>
#include <mutex>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/error.hpp"

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

sync_delivery::sync_delivery(caf::actor_system& system, event_ptr what,
                             subscription_table::receivers to)
  : progress_(std::make_shared<progress>()) {
  if (!to)
    return;
  for (auto& who : *to)
    progress_->waiting.emplace(who->id(), caf::actor_cast<caf::actor>(who));
  progress_->report.listeners = to->size();
  auto courier
    = [progress = progress_, what = std::move(what),
       to = std::move(to)](caf::event_based_actor* self) -> caf::behavior {
    auto asked = std::make_shared<caf::response_promise>();
    auto answered = [=](caf::actor_id who, caf::error why) {
      if (progress->answered(who, std::move(why)) && asked->pending())
        asked->deliver(caf::unit);
    };
    for (auto& who : *to)
      self->request(caf::actor_cast<caf::actor>(who), caf::infinite, what)
        .then([=, id = who->id()] { answered(id, {}); },
              [=, id = who->id()](caf::error& why) {
                answered(id, std::move(why));
              });
    return {
      [=](done_atom) -> caf::result<caf::unit_t> {
        std::lock_guard guard{progress->mtx};
        if (progress->waiting.empty())
          return caf::unit;
        *asked = self->make_response_promise();
        return *asked;
      },
    };
  };
  courier_ = system.spawn<caf::hidden>(std::move(courier));
}

publish_report sync_delivery::wait(caf::timespan timeout) {
  {
    std::unique_lock guard{progress_->mtx};
    progress_->finished.wait_for(guard, timeout,
                                 [this] { return progress_->waiting.empty(); });
  }
  if (courier_)
    caf::anon_send_exit(courier_, caf::exit_reason::kill);
  return progress_->close();
}

void sync_delivery::then(caf::event_based_actor& self, caf::timespan timeout,
                         std::function<void(publish_report)> done) {
  if (!courier_) {
    done({});
    return;
  }
  auto finish = [progress = progress_, courier = courier_,
                 done = std::move(done)] {
    caf::anon_send_exit(courier, caf::exit_reason::kill);
    done(progress->close());
  };
  self.request(courier_, timeout, done_atom::value)
    .then([finish](caf::unit_t) { finish(); },
          [finish](caf::error&) { finish(); });
}

} // namespace flamigo::detail
