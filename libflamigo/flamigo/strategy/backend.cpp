#include "flamigo/strategy/backend.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/context/detail/late_reply.hpp"
#include "flamigo/context/services.hpp"
#include "flamigo/context/strategy_reply.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/strategy/detail/begun_call.hpp"
#include "flamigo/task/detail/json_stream.hpp"
#include "flamigo/task/detail/send_answer.hpp"
#include "flamigo/task/task.hpp"

namespace flamigo {

namespace {

/// As an array.
task<std::string> all_items(detail::json_stream rows) {
  std::string text{"["};
  for (;;) {
    auto row = co_await rows.look_at_next();
    if (!row)
      co_return row.error();
    if (*row == nullptr)
      break;
    if (text.size() > 1)
      text += ',';
    text += **row;
  }
  text += ']';
  co_return text;
}

/// Runs the calls, and what inline strategies do with its actor.
class backend_worker : public detail::enduring_actor {
public:
  backend_worker(caf::actor_config& cfg, const services& what)
    : detail::enduring_actor(cfg), services_(what) {
  }

  const char* name() const override {
    return "backend_worker";
  }

  std::string title() const override {
    return "the backend's actor";
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const strategy_call& what) { return run(what); },
      [](const detail::call_notice& what) { what.apply(); },
    };
  }

private:
  caf::result<strategy_reply> run(const strategy_call& what) {
    // Not a member: an actor that holds a handle to itself never goes away.
    acting_actor who{caf::actor_cast<caf::actor>(this), backend_claims()};
    flamigo::context from{
      {&who, {}, {}, clock().now() + what.timeout, this, &services_, nullptr}};
    if (what.items)
      return collect(what, from);
    auto call = detail::begin_call(from, what.name, what.payload);
    if (call.error)
      return std::move(call.error);
    if (!call.pending())
      return strategy_reply{std::move(call.reply)};
    // Unlike a promise of CAF's it answers when this actor goes down.
    auto promise = make_response_promise();
    auto answer = std::make_shared<detail::late_reply>(
      detail::reply_address{promise.source(), promise.id().response_id()});
    detail::await_reply(
      *this, call, nullptr,
      [answer](std::string& json) { answer->deliver(std::move(json)); },
      [answer](caf::error& why) { answer->deliver(std::move(why)); });
    return caf::delegated<strategy_reply>{};
  }

  caf::result<strategy_reply> collect(const strategy_call& what,
                                      const flamigo::context& from) {
    auto running
      = all_items(detail::begin_stream(from, what.name, what.payload));
    auto& promise = running.promise();
    if (promise.begin_as_root(this, from.deadline())) {
      auto all = promise.result();
      if (!all)
        return std::move(all.error());
      return strategy_reply{std::move(*all)};
    }
    auto to = make_response_promise();
    auto& root = promise.own_root();
    root.answer_to = {to.source(), to.id().response_id()};
    promise.keep([](detail::root_task& ended) noexcept {
      detail::guarded_or_logged(
        [&] {
          auto all = static_cast<detail::task_promise<std::string>&>(ended.task)
                       .result();
          if (all)
            send_answer(ended, std::move(*all));
          else
            send_answer(ended, std::move(all.error()));
        },
        [] { return std::string{"all items of a stream"}; });
    });
    running.release();
    return caf::delegated<strategy_reply>{};
  }

  const services& services_;
};

/// Passes calls on to a worker, and takes another one when a strategy has ended
/// that by quitting.
class backend_actor : public detail::enduring_actor {
public:
  backend_actor(caf::actor_config& cfg, const services& what)
    : detail::enduring_actor(cfg), services_(what) {
  }

  const char* name() const override {
    return "backend";
  }

  std::string title() const override {
    return "the backend";
  }

  void on_exit() override {
    detail::enduring_actor::on_exit();
    // On whatever thread the last handle goes, if that is how it ends.
    caf::anon_send_exit(worker_, caf::exit_reason::user_shutdown);
  }

protected:
  caf::behavior make_behavior() override {
    set_down_handler([this](const caf::down_msg& msg) {
      log::error("the backend's actor went down"
                 + (msg.reason ? ": " + trace_of(msg.reason) : std::string{})
                 + "; the next call starts it anew");
      worker_ = nullptr;
    });
    return {[this](strategy_call& what) {
      return delegate(worker(), std::move(what));
    }};
  }

private:
  const caf::actor& worker() {
    if (!worker_)
      worker_ = spawn<backend_worker, caf::hidden + caf::monitored>(
        std::cref(services_));
    return worker_;
  }

  const services& services_;
  caf::actor worker_;
};

/// Lives for one asynchronous call.
void await(caf::event_based_actor* self, const caf::actor& callee,
           const strategy_call& what,
           const std::function<void(caf::expected<std::string>)>& then) {
  self->request(callee, caf::infinite, what)
    .then([then](strategy_reply& reply) { then(std::move(reply.payload)); },
          [then](caf::error& why) { then(std::move(why)); });
}

} // namespace

backend::backend(const services& what, caf::timespan timeout)
  : system_(&what.system), timeout_(timeout),
    actor_(what.system.spawn<backend_actor, caf::hidden>(std::cref(what))) {
}

void backend::send(strategy_call what, callback then) const {
  system_->spawn<caf::hidden>(await, actor_, std::move(what), std::move(then));
}

} // namespace flamigo
