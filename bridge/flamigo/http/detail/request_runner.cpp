#include "flamigo/http/detail/request_runner.hpp"

#include <string>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>

#include "flamigo/auth/authenticator.hpp"
#include "flamigo/auth/detail/without_token.hpp"
#include "flamigo/context/context.hpp"
#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/http_task_handler.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
#include "flamigo/log/detail/log_origin.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/detail/await_response.hpp"
#include "flamigo/task/detail/due_in.hpp"

namespace flamigo::detail {

struct request_begins {
  std::shared_ptr<held_task> what;
};

struct response_has_room {
  std::shared_ptr<held_task> what;
};

} // namespace flamigo::detail

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::request_begins)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(flamigo::detail::response_has_room)

namespace flamigo::detail {

namespace {

/// Runs on its thread whoever sends to it, as a connection's actor does.
class request_actor final : public enduring_actor {
public:
  request_actor(caf::actor_config& cfg, const services& application,
                home_unit& home)
    : enduring_actor(cfg), services_(application), home_(home) {
  }

  const char* name() const override {
    return "http_handlers";
  }

  std::string title() const override {
    return "the actor of HTTP handlers";
  }

  bool has_ended() const noexcept {
    return getf(is_terminated_flag);
  }

  /// Handles this at once, unless a handler awaits a response in CAF's way,
  /// which holds back everything else.
  template <class T>
  void handle(T what) {
    caf::mailbox_element_view<T> element{
      nullptr, caf::make_message_id(), {}, what};
    if (activate(&home_, element) == activation_result::skipped)
      enqueue(caf::make_mailbox_element(nullptr, caf::make_message_id(), {},
                                        std::move(what)),
              &home_);
  }

  void end() {
    context(&home_);
    quit(caf::exit_reason::user_shutdown);
    finalize();
  }

  // -- overridden from CAF ----------------------------------------------------

  subtype_t subtype() const override {
    return io_actor;
  }

  using caf::event_based_actor::enqueue;

  void enqueue(caf::mailbox_element_ptr what, caf::execution_unit*) override {
    caf::event_based_actor::enqueue(std::move(what), &home_);
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const request_begins& msg) { begin(msg.what); },
      [](const response_has_room& msg) { msg.what->make_room(); },
      [](const call_notice& what) { what.apply(); },
    };
  }

private:
  void begin(const std::shared_ptr<held_task>& what) {
    guarded_or_answered(what, [&] { return verify(what); });
  }

  /// Finds out who it is, if it says so.
  caf::error verify(const std::shared_ptr<held_task>& what) {
    auto& gate = what->gate;
    if (gate.token().empty())
      return admit(what);
    auto service = gate.verifier().service();
    if (!service) {
      auto who = gate.verifier().verify(gate.token(), *what->request.who);
      if (!who)
        return std::move(who.error());
      return sign_in(what, std::move(*who));
    }
    auto asked = this->request(service, caf::infinite,
                               credentials{std::string{gate.token()},
                                           what->request.who});
    await_response<user>(
      *this, {asked.id(), due_in(clock(), services_.request_timeout), nullptr},
      [what] { return what->name + ": what follows the authentication"; },
      [this, what](user& who) {
        guarded_or_answered(what,
                            [&] { return sign_in(what, std::move(who)); });
      },
      [what](caf::error& why) {
        what->answer(without_token(std::move(why), what->gate.token()));
      });
    return {};
  }

  caf::error sign_in(const std::shared_ptr<held_task>& what, user who) {
    auto signed_in = what->gate.sign_in(*what->request.who, std::move(who));
    if (!signed_in)
      return std::move(signed_in.error());
    what->who = std::move(*signed_in);
    what->request.who = what->who;
    return admit(what);
  }

  caf::error admit(const std::shared_ptr<held_task>& what) {
    if (!what->is_awaited())
      return {};
    if (auto refusal = what->gate.check(*what->request.who))
      return refusal;
    if (auto refusal = what->gate.count(*what->request.who, clock().now()))
      return refusal;
    run(what);
    return {};
  }

  /// What the function fails with is the answer.
  template <class F>
  static void guarded_or_answered(const std::shared_ptr<held_task>& what, F f) {
    if (auto why = guarded(f, [](caf::error thrown) { return thrown; }))
      what->answer(std::move(why));
  }

  void run(const std::shared_ptr<held_task>& what) {
    acting_actor who{nullptr, what->request.who};
    flamigo::context ctx{{&who, what->name, what->body,
                          due_in(clock(), services_.request_timeout), this,
                          &services_, nullptr}};
    ctx.span(what->span);
    log_scope scope{what->span.get()};
    guarded_or_answered(what, [&]() -> caf::error {
      what->handler.begin(ctx, what);
      return {};
    });
    if (!what->call)
      ctx.end();
  }

  const services& services_;
  home_unit& home_;
};

request_actor& deref(const caf::actor& what) {
  return *static_cast<request_actor*>(
    caf::actor_cast<caf::abstract_actor*>(what));
}

} // namespace

request_runner::request_runner(const services& application, io_thread& thread,
                               failure_hook on_failure)
  : services_(application), thread_(thread),
    on_failure_(std::move(on_failure)) {
}

request_runner::~request_runner() {
  end();
}

span_ptr request_runner::begin_step(const http_route& where,
                                    std::string_view method,
                                    std::string_view traceparent) const {
  if (services_.tracing == nullptr && traceparent.empty()) [[likely]]
    return nullptr;
  auto name = std::string{method} + " " + where.path;
  auto result = begin_request(services_.tracing, traceparent, name);
  if (result) {
    result->note("http.request.method", method);
    result->note("http.route", where.path);
  }
  return result;
}

void request_runner::begin(std::shared_ptr<held_task> what) {
  // A handler may have ended it.
  if (!actor_ || deref(actor_).has_ended()) {
    caf::actor_config cfg{&thread_};
    constexpr auto how = caf::hidden + caf::lazy_init;
    actor_ = services_.system.spawn_impl<request_actor, how>(
      cfg, services_, static_cast<home_unit&>(thread_));
  }
  deref(actor_).handle(request_begins{std::move(what)});
}

void request_runner::stop(const std::shared_ptr<call_state>& what) {
  if (actor_ && !deref(actor_).has_ended())
    deref(actor_).handle(call_notice{what, errc::cancelled});
}

void request_runner::relieve(std::shared_ptr<held_task> what) {
  if (actor_ && !deref(actor_).has_ended())
    deref(actor_).handle(response_has_room{std::move(what)});
}

void request_runner::failed(const held_task& what,
                            const caf::error& why) const {
  if (on_failure_) [[unlikely]]
    on_failure_(*what.who, wrap(why, "handle " + what.name));
}

void request_runner::end() noexcept {
  if (!actor_ || deref(actor_).has_ended())
    return;
  guarded_or_logged([this] { deref(actor_).end(); },
                    [] { return std::string{"the end of HTTP handlers"}; });
  actor_ = nullptr;
}

} // namespace flamigo::detail
