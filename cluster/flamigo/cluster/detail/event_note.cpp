#include "flamigo/cluster/detail/event_note.hpp"

#include <memory>
#include <utility>

namespace flamigo::detail {

namespace {

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

} // namespace

cause_note note_of(const claims& who) {
  cause_note result{who.type,
                    unless_empty(who.connection_id),
                    unless_empty(who.remote_address),
                    unless_empty(who.domain),
                    {},
                    {}};
  if (who.user) {
    result.user = who.user->id;
    result.name = unless_empty(who.user->name);
    result.permissions = who.user->permissions;
  }
  return result;
}

claims_ptr claims_of(cause_note&& who) {
  if (who.type == claims_type::backend)
    return backend_claims();
  auto result = std::make_shared<claims>();
  result->type = std::move(who.type);
  result->connection_id = std::move(who.connection).value_or("");
  result->remote_address = std::move(who.address).value_or("");
  result->domain = std::move(who.domain).value_or("");
  if (who.user) {
    auto& user = result->user.emplace();
    user.id = std::move(*who.user);
    user.name = std::move(who.name).value_or("");
    user.permissions = std::move(who.permissions);
  }
  return result;
}

event_note note_of(const event& what) {
  event_note result{{}, note_of(*what.cause().claims), {}, {}, {}};
  result.topics.reserve(what.topics().size());
  for (auto& x : what.topics())
    result.topics.push_back(x.text());
  auto& kind = what.kind();
  if (kind.name != nullptr) {
    result.type = kind.name();
    kind.write(result.content.emplace(raw_json{""}).text, what.content());
  }
  if (auto* message = what.message()) {
    auto& note = result.client.emplace();
    note.topic = message->topic;
    note.bytes = message->bytes != nullptr;
    if (!result.content || *result.content != message->payload)
      note.payload = message->payload;
  }
  return result;
}

event_origin origin_of(event_note&& what) {
  event_origin result;
  result.topics.reserve(what.topics.size());
  for (auto& x : what.topics)
    result.topics.emplace_back(std::move(x));
  result.cause.claims = claims_of(std::move(what.cause));
  if (what.client) {
    auto payload = what.client->payload ? std::move(*what.client->payload)
                   : what.content       ? *what.content
                                        : raw_json{"null"};
    result.message = client_message{std::move(what.client->topic),
                                    std::move(payload)};
    result.holds_bytes = what.client->bytes;
  }
  return result;
}

} // namespace flamigo::detail
