#include "flamigo/testing/app.hpp"

#include <stdexcept>

#include "flamigo/access/doors.hpp"
#include "flamigo/client/auth_strategy.hpp"
#include "flamigo/client/cancel_strategy.hpp"
#include "flamigo/client/channel_strategies.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/testing/detail/fake_connection.hpp"
#include "flamigo/testing/detail/frame.hpp"

namespace flamigo::testing {

app::app(app_options options)
  : auth_(std::move(options.auth)),
    connections_(ground_.bus), env_{ground_.services, options.client,
                                    connections_.handle()},
    caller_(ground_, options.client.request_timeout), published_(ground_) {
  ground_.services.request_timeout = options.client.request_timeout;
  add_cancel_strategy(strategies());
  add_channel_strategies(strategies());
  env_.channels = &channels_;
  adopt(connections_.handle());
}

app::~app() {
  stop();
}

void app::stop() {
  for (auto& weak : clients_)
    if (auto client = weak.lock())
      client->abandon();
  clients_.clear();
  run();
  // As an application does: first those who have something to say.
  connections_.finish();
  run();
  ground_.end();
}

// -- what the program is made of ----------------------------------------------

strategy_registry& app::strategies() noexcept {
  return ground_.strategies;
}

caf::expected<domain_handle> app::find(std::string_view name) const {
  return ground_.domains.find(name);
}

const channel& app::channel(std::string topics, validator guard,
                            channel_options options) {
  auto& result = channels_.add(std::move(topics), std::move(guard),
                               std::move(options));
  if (!channels_.keeps() || stage_)
    return result;
  if (env_.history == nullptr) {
    own_history_ = std::make_unique<memory_history>(system());
    env_.history = own_history_.get();
  }
  stage_.emplace(channels_, *env_.history);
  bus().pass_by(*stage_);
  return result;
}

void app::keep_events_in(history_engine& where) {
  env_.history = &where;
}

void app::know_presence_in(presence_engine& where) {
  ground_.services.presence = &where;
}

void app::record_traces_by(const tracer& what) {
  ground_.services.tracing = &what;
}

void app::on_open(open_hook hook) {
  refuse_late("on_open");
  env_.on_open = std::move(hook);
}

void app::authenticate(const authenticator& who) {
  add_auth_strategy(strategies(), who);
  if (auto service = who.service())
    adopt(std::move(service));
  authenticate();
}

void app::authenticate() {
  refuse_late("authenticate");
  env_.auth = authentication{auth_, auth_strategy_name(strategies()),
                             [this] { return now(); }};
}

void app::add_user(user who) {
  users_.add(std::move(who));
}

void app::adopt(caf::actor what) {
  ground_.adopt(std::move(what));
}

void app::start() {
  add_fake_users();
  channels_.check(strategies());
  strategies().seal();
  channels_.seal();
  serves_ = true;
}

void app::refuse_late(const std::string& what) const {
  if (serves_)
    throw std::logic_error{what
                           + "(): the program serves already, say it before "
                             "start()"};
}

// -- clients ------------------------------------------------------------------

fake_client app::connect() {
  return connect_with({});
}

fake_client app::connect(const user& who) {
  add_fake_users();
  if (!has_fake_users_)
    throw std::logic_error{
      "connect(user) needs fake users: switch them on with authenticate(), "
      "without an authenticator, or show a token with connect_with(token)"};
  add_user(who);
  auto result = connect_with(who.id);
  for (auto& text : result.connection_->frames)
    if (auto what = from_json<detail::frame>(text); what && what->is_error())
      throw failure{"expected user \"" + who.id
                    + "\" to be let in, but it is the error "
                    + what->payload.text};
  return result;
}

fake_client app::connect_with(std::string token) {
  add_fake_users();
  channels_.check(strategies());
  fake_client result{ground_, env_, std::move(token),
                     "c" + std::to_string(++connected_)};
  clients_.push_back(result.connection_);
  run();
  return result;
}

void app::add_fake_users() {
  if (!env_.auth || strategies().find(env_.auth->strategy) != nullptr)
    return;
  add_auth_strategy(strategies(),
                    [this](std::string_view token, const claims& handshake) {
                      return users_(token, handshake);
                    });
  has_fake_users_ = true;
}

// -- time ---------------------------------------------------------------------

void app::run() {
  ground_.run();
}

void app::advance(caf::timespan by) {
  ground_.advance(by);
}

actor_fixture::wall_time app::now() const noexcept {
  return ground_.now();
}

// -- the rest of the program --------------------------------------------------

event_log& app::events() noexcept {
  return published_;
}

const flamigo::bus& app::bus() const noexcept {
  return ground_.bus;
}

const backend_caller& app::backend() const noexcept {
  return caller_;
}

const roster& app::connections() const noexcept {
  return connections_;
}

caf::actor_system& app::system() noexcept {
  return ground_.system;
}

contract_notes& app::contract() noexcept {
  return notes_;
}

std::string app::contract_text() const {
  auto all = doors();
  return make_contract({ground_.strategies, channels_, notes_, all, "test",
                        "/ws", env_.auth.has_value()});
}

std::vector<door> app::doors() const {
  auto auth = env_.auth ? env_.auth->strategy : std::string{};
  auto result = doors_of(ground_.strategies, auth);
  auto channels = doors_of(channels_, ground_.strategies, auth);
  result.insert(result.end(), channels.begin(), channels.end());
  return result;
}

const domain_health& app::domains() const noexcept {
  return ground_.domains;
}

const flamigo::services& app::services() const noexcept {
  return ground_.services;
}

} // namespace flamigo::testing
