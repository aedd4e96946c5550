#include "flamigo/remote/remote_server.hpp"

#include <mutex>

#include "flamigo/bus/detail/waiting.hpp"
#include "flamigo/error/detail/guarded.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/remote/detail/local_error.hpp"
#include "flamigo/remote/detail/remote_runtime.hpp"
#include "flamigo/remote/detail/reply_once.hpp"

namespace flamigo {

using detail::remote_runtime;

struct remote_server::impl {
  /// What the connection does, for all threads. It may outlive the server,
  /// where a function that it calls lets go of that.
  struct shared_state {
    std::mutex mutex;
    remote_state now;
  };

  impl(remote_options options, std::shared_ptr<detail::remote_loop> on)
    : loop(std::move(on)) {
    options.on_state = [state = state, told = std::move(options.on_state)](
                         const remote_state& now) {
      {
        std::lock_guard guard{state->mutex};
        state->now = now;
      }
      if (told)
        told(now);
    };
    runtime = std::make_shared<remote_runtime>(*loop, options);
    runtime->post([](auto& session) { session.open(); });
  }

  ~impl() {
    runtime->end();
  }

  impl(const impl&) = delete;

  impl& operator=(const impl&) = delete;

  std::shared_ptr<detail::remote_loop> loop;
  std::shared_ptr<shared_state> state = std::make_shared<shared_state>();
  std::shared_ptr<remote_runtime> runtime;
};

remote_server::remote_server(remote_options options)
  : remote_server(std::move(options), remote_thread{}) {
}

remote_server::remote_server(remote_options options, const remote_thread& on)
  : impl_(std::make_unique<impl>(std::move(options), on.loop())) {
}

remote_server::~remote_server() = default;

remote_channel remote_server::channel(std::string topic) {
  return remote_channel{impl_->runtime, std::move(topic)};
}

remote_state remote_server::state() const {
  std::lock_guard guard{impl_->state->mutex};
  return impl_->state->now;
}

void remote_server::reconnect() {
  impl_->runtime->post([](auto& session) { session.reconnect(); });
}

void remote_server::close() {
  impl_->runtime->post([](auto& session) { session.close(); });
}

remote_call remote_server::begin(std::string name, std::string payload,
                                 detail::item_function on_item,
                                 detail::reply_function then,
                                 const remote_call_options& options) {
  auto& runtime = impl_->runtime;
  if (!runtime->enter()) {
    then(detail::local_error(remote_code::queue_full, 503,
                             "too many calls are open"));
    return {};
  }
  auto id = std::make_shared<std::uint64_t>(0);
  detail::remote_request request;
  request.idempotent = options.idempotent;
  request.payload = [payload = std::move(payload)] { return payload; };
  request.done = [&at = *runtime, then = std::move(then),
                  name](caf::expected<std::string> what) {
    at.leave();
    detail::guarded_or_logged([&] { then(std::move(what)); },
                              [&] { return "the answer to " + name; });
  };
  if (on_item)
    request.part = [&at = *runtime, id,
                    on_item = std::move(on_item)](const std::string& item) {
      if (auto why = detail::guarded(
            [&] {
              return on_item(item) ? caf::error{} : make_error(errc::cancelled);
            },
            [](caf::error caught) { return caught; }))
        at.session().cancel(*id, why);
    };
  request.topic = std::move(name);
  runtime->post(
    [id, request = std::move(request), options](auto& session) mutable {
      *id = session.call(std::move(request), options);
    });
  return remote_call{runtime, std::move(id)};
}

void remote_server::listen(std::string event,
                           std::shared_ptr<detail::remote_ear> ear) {
  impl_->runtime->post(
    [event = std::move(event), ear = std::move(ear)](auto& session) mutable {
      session.listeners.add(event, std::move(ear));
    });
}

void remote_server::set_answerer(std::string topic,
                                 detail::answerer_function answer) {
  auto& runtime = impl_->runtime;
  // An answer may come from any thread, and when the connection is gone.
  auto there = [at = std::weak_ptr{runtime}, answer = std::move(answer)](
                 const std::string& payload,
                 detail::remote_answer_function reply) {
    answer(payload, [at, once = std::make_shared<detail::reply_once>(
                           at, std::move(reply))](auto what) {
      once->give(std::move(what));
    });
  };
  runtime->post([topic = std::move(topic),
                 there = std::move(there)](auto& session) mutable {
    session.questions().on(topic, std::move(there));
  });
}

caf::error remote_server::check_may_wait() const {
  constexpr auto instead = "use call_then, or call_async and its future "
                           "elsewhere";
  // A mistake of whoever reads it: there is nobody to hide it from.
  if (impl_->runtime->is_here())
    return make_error(errc::internal,
                      std::string{"remote_server::call waits for the very "
                                  "thread that it is called on: "}
                        + instead);
  return detail::check_may_wait("remote_server::call", instead);
}

} // namespace flamigo
