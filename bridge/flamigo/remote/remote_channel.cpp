#include "flamigo/remote/remote_channel.hpp"

#include "flamigo/remote/detail/remote_runtime.hpp"
#include "flamigo/strategy/detail/future_answer.hpp"

namespace flamigo {

remote_channel::remote_channel(std::weak_ptr<detail::remote_runtime> at,
                               std::string topic)
  : at_(std::move(at)), topic_(std::move(topic)),
    use_(std::make_shared<detail::remote_use>()) {
}

void remote_channel::on_joined(std::function<void(const remote_joined&)> f) {
  if (auto runtime = at_.lock())
    runtime->post([use = use_, f = std::move(f)](auto&) mutable {
      use->on_joined = std::move(f);
    });
}

void remote_channel::on_left(std::function<void(const caf::error&)> f) {
  if (auto runtime = at_.lock())
    runtime->post([use = use_, f = std::move(f)](auto&) mutable {
      use->on_left = std::move(f);
    });
}

void remote_channel::on_presence(
  std::function<void(const remote_presence&)> f) {
  if (auto runtime = at_.lock())
    runtime->post([use = use_, f = std::move(f)](auto&) mutable {
      use->on_presence = std::move(f);
    });
}

void remote_channel::leave() {
  if (auto runtime = at_.lock())
    runtime->post([topic = topic_, use = use_](auto& session) {
      session.channels().leave(topic, use);
    });
}

void remote_channel::listen(std::string event,
                            std::shared_ptr<detail::remote_ear> ear) {
  if (auto runtime = at_.lock())
    runtime->post([use = use_, event = std::move(event), ear = std::move(ear)](
                    auto&) mutable { use->events.add(event, std::move(ear)); });
}

std::future<caf::expected<remote_joined>>
remote_channel::enter(std::optional<std::string> input,
                      const remote_join_options& options) {
  auto made = std::make_shared<detail::future_answer<remote_joined>>();
  auto result = made->future();
  if (auto runtime = at_.lock())
    runtime->post([topic = topic_, use = use_, input = std::move(input),
                   options, made](auto& session) mutable {
      use->ready.push_back(
        [made](const caf::expected<remote_joined>& what) { made->give(what); });
      session.channels().join(topic, use, std::move(input), options);
    });
  return result;
}

} // namespace flamigo
