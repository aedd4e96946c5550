// What an application is filled with before it serves.

#include <utility>

#include "flamigo/application/application.hpp"
#include "flamigo/application/detail/application_impl.hpp"
#include "flamigo/client/auth_strategy.hpp"

namespace flamigo {

strategy_registry& application::strategies() noexcept {
  return impl_->strategies;
}

const channel& application::channel(std::string topics, validator guard,
                                    channel_options options) {
  auto& result = impl_->channels.add(std::move(topics), std::move(guard),
                                     std::move(options));
  if (impl_->channels.keeps() && !impl_->stage) {
    impl_->history.emplace(impl_->system, impl_->config->history);
    impl_->stage.emplace(impl_->channels, *impl_->history);
    impl_->pass_by_stages();
  }
  return result;
}

http_routes& application::http() noexcept {
  return impl_->routes;
}

void application::adopt(caf::actor what) {
  impl_->adopted.push_back(std::move(what));
}

caf::expected<domain_handle> application::find(std::string_view name) const {
  return impl_->domains.find(name);
}

void application::on_open(open_hook hook) {
  impl_->refuse_late("on_open");
  impl_->on_open = std::move(hook);
}

void application::socket_io(socket_io_options options) {
  impl_->refuse_late("socket_io");
  impl_->socket_io = std::move(options);
}

void application::sse(sse_options options) {
  impl_->refuse_late("sse");
  impl_->sse = std::move(options);
}

void application::http_only() {
  impl_->refuse_late("http_only");
  impl_->config->server.websocket = false;
}

void application::authenticate(const authenticator& who) {
  add_auth_strategy(impl_->strategies, who);
  impl_->verifier = std::make_shared<const authenticator>(who);
  // The strategy keeps it within reach, so it would never end by itself.
  if (auto service = who.service())
    adopt(std::move(service));
  authenticate();
}

void application::authenticate() {
  impl_->refuse_late("authenticate");
  impl_->needs_auth = true;
}

void application::ready_when(readiness_check what) {
  impl_->refuse_late("ready_when");
  impl_->checks.push_back(std::move(what));
}

// -- what several programs share ----------------------------------------------

void application::presence_by(std::shared_ptr<presence_engine> what) {
  impl_->refuse_late("presence_by");
  impl_->application.presence = what.get();
  impl_->shared_presence = std::move(what);
}

void application::pass_first(stage_maker make) {
  impl_->refuse_late("pass_first");
  impl_->make_first = std::move(make);
  if (impl_->stage)
    impl_->pass_by_stages();
}

void application::count_also(detail::figures_source what) {
  impl_->refuse_late("count_also");
  impl_->figures.push_back(std::move(what));
}

} // namespace flamigo
