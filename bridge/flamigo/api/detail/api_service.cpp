#include "flamigo/api/detail/api_service.hpp"

#include <charconv>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include <boost/describe/class.hpp>

#include <caf/event_based_actor.hpp>

#include "flamigo/api/detail/openapi_document.hpp"
#include "flamigo/api/published_message.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/detail/channel_epoch.hpp"
#include "flamigo/http/detail/bearer_token.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/presence/presence_change.hpp"
#include "flamigo/presence/who_is_in.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/task/callback.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo::detail {

/// One event.
struct publication {
  std::string topic;
  client_message message;
  std::optional<std::string> idempotencyKey;

  void validate(std::vector<field_error>& errors) const {
    if (auto parsed = flamigo::topic::parse(topic); !parsed)
      errors.push_back({"topic", public_message(parsed.error())});
    else if (topic.starts_with(std::string{presence_change::all} + "/"))
      errors.push_back({"topic", "is the framework's own"});
    if (message.topic.empty()
        || message.topic.size() > envelope_decoder::max_topic)
      errors.push_back({"message.topic", "has from 1 to 256 bytes"});
    else if (is_own_topic(message.topic))
      errors.push_back({"message.topic", "is the framework's own"});
    if (idempotencyKey
        && (idempotencyKey->empty() || idempotencyKey->size() > 128))
      errors.push_back({"idempotencyKey", "has from 1 to 128 bytes"});
  }
};

BOOST_DESCRIBE_STRUCT(publication, (), (topic, message, idempotencyKey))

namespace {

constexpr std::size_t max_body_bytes = 1u << 20;

constexpr std::size_t max_events = 1'000;

/// Of what a history has to say at once.
constexpr std::size_t max_history_bytes = 1u << 20;

struct publish_answer {
  bool duplicate;
};

BOOST_DESCRIBE_STRUCT(publish_answer, (), (duplicate))

struct batch {
  /// Read one by one, so that one that is wrong keeps none from being
  /// published.
  std::vector<raw_json> events;

  void validate(std::vector<field_error>& errors) const {
    if (events.size() > max_events)
      errors.push_back({"events", "has at most 1000 items"});
  }
};

BOOST_DESCRIBE_STRUCT(batch, (), (events))

struct batch_item {
  std::optional<bool> duplicate;
  std::optional<raw_json> error;
};

BOOST_DESCRIBE_STRUCT(batch_item, (), (duplicate, error))

struct batch_answer {
  std::vector<batch_item> results;
};

BOOST_DESCRIBE_STRUCT(batch_answer, (), (results))

struct whom {
  std::optional<std::string> user;
  std::optional<std::string> connection;

  void validate(std::vector<field_error>& errors) const {
    if (user.has_value() == connection.has_value())
      errors.push_back({"", "has either user or connection"});
  }
};

BOOST_DESCRIBE_STRUCT(whom, (), (user, connection))

struct presence_answer {
  std::vector<presence_entry> presence;
};

BOOST_DESCRIBE_STRUCT(presence_answer, (), (presence))

struct history_answer {
  std::string epoch;
  std::uint64_t offset;
  std::optional<bool> recovered;
  std::vector<raw_json> events;
  bool more;
};

BOOST_DESCRIBE_STRUCT(history_answer, (),
                      (epoch, offset, recovered, events, more))

struct info_answer {
  std::size_t connections;
  std::size_t connectionsEver;
  bool domainsOk;
};

BOOST_DESCRIBE_STRUCT(info_answer, (),
                      (connections, connectionsEver, domainsOk))

struct strategy_request {
  std::string topic;
  std::optional<raw_json> payload;
};

BOOST_DESCRIBE_STRUCT(strategy_request, (), (topic, payload))

struct strategy_answer {
  std::string topic;
  raw_json payload;
};

BOOST_DESCRIBE_STRUCT(strategy_answer, (), (topic, payload))

caf::error bad_member(std::string field, std::string what) {
  return invalid_payload({{std::move(field), std::move(what)}});
}

template <class T>
caf::error read_number(const http_request& in, const char* name, int base,
                       std::optional<T>& out) {
  auto text = in.query_parameter(name);
  if (!text)
    return {};
  auto end = text->data() + text->size();
  if (text->empty()
      || std::from_chars(text->data(), end, out.emplace(), base).ptr != end)
    return bad_member(name, base == 16 ? "must be an epoch of this channel"
                                       : "must be a whole number");
  return {};
}

} // namespace

// -- what comes in ------------------------------------------------------------

void api_service::mount(http_routes& to, const environment& env,
                        std::shared_ptr<const key_store> keys) {
  std::shared_ptr<api_service> self{new api_service{env}};
  auto add = [&](const char* method, const std::string& path,
                 std::string_view scope, operation run) {
    http_route_options options{.max_body_bytes = max_body_bytes,
                               .content_types = {"application/json"}};
    to.handle(method, "/api/v1/" + path, std::move(options),
              route{self, keys, scope, run});
  };
  add("POST", "publish", "publish", &api_service::publish);
  add("POST", "publish/batch", "publish", &api_service::publish_batch);
  add("POST", "disconnect", "disconnect", &api_service::disconnect);
  add("GET", "presence", "presence", &api_service::presence);
  add("GET", "history", "history", &api_service::history);
  add("GET", "info", "info", &api_service::info);
  add("POST", "call", "call", &api_service::call);
  to.get("/api/v1/openapi.json", {.content_type = "application/json",
                                  .body = std::string{openapi_document()}});
}

task<http_response> api_service::route::operator()(context ctx,
                                                   http_request in) const {
  if (auto refusal = keys->now()->check(in.header("authorization"), scope))
    co_return refusal;
  auto answer = co_await ((*service).*run)(ctx, std::move(in));
  if (!answer)
    co_return std::move(answer.error());
  co_return http_response{.content_type = "application/json",
                          .body = std::move(*answer)};
}

// -- publishing ---------------------------------------------------------------

caf::expected<bool> api_service::publish_one(const context& ctx,
                                             const http_request& in,
                                             publication what) {
  std::string key;
  if (what.idempotencyKey) {
    // Of this client of the API only.
    auto hash = std::hash<std::string_view>{};
    key = std::to_string(hash(bearer_of(in.header("authorization")))) + ' '
          + *what.idempotencyKey;
    auto content = hash(what.topic + '\n' + what.message.topic + '\n'
                        + what.message.payload.text);
    using verdict = idempotency_memory::verdict;
    switch (remembered_.begin(key, content, ctx.self()->clock().now())) {
      case verdict::fresh:
        break;
      case verdict::repeated:
        return true;
      case verdict::conflict:
        return make_error(errc::conflict, "another event was published with "
                                          "this idempotencyKey");
      case verdict::full:
        return make_error(errc::too_many_requests,
                          "too many keys are remembered, try again later");
    }
  }
  auto err = ctx.bus().publish(
    published_message{std::move(what.topic), std::move(what.message)});
  if (!err)
    return false;
  if (!key.empty())
    remembered_.forget(key);
  return err;
}

task<std::string> api_service::publish(context ctx, http_request in) {
  auto what = from_json<publication>(in.body);
  if (!what)
    co_return std::move(what.error());
  auto duplicate = publish_one(ctx, in, std::move(*what));
  if (!duplicate)
    co_return std::move(duplicate.error());
  co_return to_json(publish_answer{*duplicate});
}

task<std::string> api_service::publish_batch(context ctx, http_request in) {
  auto all = from_json<batch>(in.body);
  if (!all)
    co_return std::move(all.error());
  batch_answer result;
  result.results.reserve(all->events.size());
  for (auto& text : all->events) {
    auto& item = result.results.emplace_back();
    auto what = from_json<publication>(text.text);
    auto done = what ? publish_one(ctx, in, std::move(*what))
                     : caf::expected<bool>{std::move(what.error())};
    if (done)
      item.duplicate = *done;
    else
      append_error_payload(item.error.emplace(raw_json{""}).text, done.error(),
                           false);
  }
  co_return to_json(result);
}

// -- asking -------------------------------------------------------------------

task<std::string> api_service::disconnect(context, http_request in) {
  auto what = from_json<whom>(in.body);
  if (!what)
    co_return std::move(what.error());
  if (what->user)
    env_.connections.kick_user(*what->user);
  else
    env_.connections.kick_connection(*what->connection);
  co_return std::string{"{}"};
}

task<std::string> api_service::presence(context ctx, http_request in) {
  std::string name{in.query_parameter("topic").value_or("")};
  auto where = topic::parse(name);
  if (!where)
    co_return bad_member("topic", public_message(where.error()));
  auto found = env_.channels.find(*where);
  if (found == nullptr || found->presence() == nullptr)
    co_return make_error(errc::unknown_channel,
                         "there is no channel with presence of that topic");
  auto there = co_await who_is_in(ctx, name);
  if (!there)
    co_return std::move(there.error());
  presence_answer answer{std::move(there->entries)};
  co_return to_json(answer);
}

task<std::string> api_service::history(context ctx, http_request in) {
  std::string name{in.query_parameter("topic").value_or("")};
  auto where = topic::parse(name);
  if (!where)
    co_return bad_member("topic", public_message(where.error()));
  auto found = env_.channels.find(*where);
  if (found == nullptr || found->history() == nullptr
      || env_.history == nullptr)
    co_return make_error(errc::unknown_channel,
                         "there is no channel with a history of that topic");
  std::optional<std::uint64_t> epoch;
  std::optional<std::uint64_t> offset;
  if (auto err = read_number(in, "epoch", 16, epoch))
    co_return err;
  if (auto err = read_number(in, "offset", 10, offset))
    co_return err;
  if (epoch.has_value() != offset.has_value())
    co_return bad_member(epoch ? "offset" : "epoch", "belongs to the position");
  history_position since{epoch.value_or(0), offset.value_or(0)};
  auto got = co_await callback<history_slice>(ctx, [&](auto done) {
    env_.history->read(name, since, max_history_bytes,
                       [done](caf::expected<history_slice> what) {
                         if (what)
                           done(std::move(*what));
                         else
                           done.fail(std::move(what.error()));
                       });
  });
  if (!got)
    co_return std::move(got.error());
  history_answer answer{
    to_epoch_text(got->newest.epoch), got->newest.offset, {}, {}, false};
  if (epoch) {
    answer.recovered = got->reaches;
    answer.events.reserve(got->events.size());
    for (auto& x : got->events)
      answer.events.push_back({std::string{x.frame}});
    answer.more = got->reaches && !got->events.empty()
                  && got->events.back().offset < got->newest.offset;
  }
  co_return to_json(answer);
}

task<std::string> api_service::info(context, http_request) {
  info_answer answer{env_.connections.open(), env_.connections.total(),
                     env_.domains.ok()};
  co_return to_json(answer);
}

task<std::string> api_service::call(context ctx, http_request in) {
  auto what = from_json<strategy_request>(in.body);
  if (!what)
    co_return std::move(what.error());
  auto found = ctx.strategies().find(what->topic);
  if (found == nullptr)
    co_return make_error(errc::unknown_strategy);
  if (found->streams())
    co_return bad_member("topic", "answers in parts, which cannot be had here");
  raw_json payload;
  if (what->payload)
    payload = std::move(*what->payload);
  auto program = ctx.as_program();
  auto answer = co_await program.call_strategy<raw_json>(what->topic, payload);
  if (!answer)
    co_return std::move(answer.error());
  strategy_answer result{std::move(what->topic), std::move(*answer)};
  co_return to_json(result);
}

} // namespace flamigo::detail
