#include "flamigo/http/detail/request_runner.hpp"

#include <string>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>

#include "flamigo/context/context.hpp"
#include "flamigo/context/detail/call_notice.hpp"
#include "flamigo/context/detail/enduring_actor.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/http/detail/http_task_handler.hpp"
#include "flamigo/log/detail/guarded_or_logged.hpp"
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
    if (!what->is_awaited())
      return;
    acting_actor who{nullptr, what->who};
    flamigo::context ctx{{&who, what->name, what->body,
                          due_in(clock(), services_.request_timeout), this,
                          &services_, nullptr}};
    auto why = guarded(
      [&]() -> caf::error {
        what->handler.begin(ctx, what);
        return {};
      },
      [](caf::error thrown) { return thrown; });
    if (why)
      what->answer(std::move(why));
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

request_runner::request_runner(const services& application, io_thread& thread)
  : services_(application), thread_(thread) {
}

request_runner::~request_runner() {
  end();
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

void request_runner::end() noexcept {
  if (!actor_ || deref(actor_).has_ended())
    return;
  guarded_or_logged([this] { deref(actor_).end(); },
                    [] { return std::string{"the end of HTTP handlers"}; });
  actor_ = nullptr;
}

} // namespace flamigo::detail
