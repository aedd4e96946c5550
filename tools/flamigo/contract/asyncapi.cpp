#include "contract/asyncapi.hpp"

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/component_names.hpp"
#include "contract/contract_document.hpp"
#include "contract/contract_words.hpp"
#include "contract/draft7_schema.hpp"
#include "contract/json_pieces.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

/// Text that is no text of another document.
using text = std::string_view;

class writer : json_pieces {
public:
  explicit writer(const rapidjson::Document& contract) : contract_(contract) {
  }

  std::string write() {
    put(result_, "asyncapi", "3.1.0");
    auto info = object();
    put(info, "title", text_of(contract_["program"]));
    put(info, "version", "1");
    put(info, "description",
        "A WebSocket that carries JSON texts. A request with an ackId is "
        "answered once, under its topic, or under the topic error; without one "
        "it is not answered.");
    put(result_, "info", std::move(info));
    put(result_, "defaultContentType", "application/json");
    add_server();
    for (auto& each : contract_["strategies"].GetObject())
      add_strategy(text_of(each.name), each.value);
    for (auto& each : contract_["events"].GetObject())
      add_event(text_of(each.name), each.value);
    for (auto& each : contract_["requests"].GetObject())
      add_request(text_of(each.name), each.value);
    add_message("error", frame(const_text("error"), error_schema(), true),
                "A request failed.");
    add_channels();
    put(result_, "operations", std::move(operations_));
    add_components();
    return pretty_json(result_);
  }

private:
  static constexpr text schemas = "#/components/schemas/";

  // -- what is said -----------------------------------------------------------

  void add_strategy(text name, const value& what) {
    auto id = names_.make(name);
    auto request = names_.make(id + ".request"),
         answer = names_.make(id + ".reply");
    auto input = member(what, "input");
    auto asked = frame(const_text(name),
                       input != nullptr ? schema(*input) : object(), true);
    // Without one it is null.
    if (input != nullptr && !takes_null(*input, contract_))
      add(asked["required"], copy("payload"));
    add_message(request, std::move(asked), {});
    auto item = frame(const_text(name), schema(what["output"]), true);
    if (what["stream"].GetBool())
      put(item["properties"], "more", typed("boolean"));
    add_message(answer, std::move(item), {});
    auto operation = this->operation("receive", id, {request});
    put(operation, "title", name);
    put(operation, "summary", name);
    put(operation, "description", for_whom(what) + limits_and_errors(what));
    put(operation, "reply", said_in(id, {answer, "error"}));
    if (contract_["authenticates"].GetBool() && !lets_guests_in(what)) {
      auto all = array();
      add(all, reference("#/components/securitySchemes/token"));
      put(operation, "security", std::move(all));
    }
    put(operations_, id, std::move(operation));
  }

  void add_event(text name, const value& what) {
    auto id = names_.make(name);
    std::string where;
    for (auto& each : what["channels"].GetArray())
      where += (where.empty() ? "To those who have subscribed to " : ", ")
               + std::string{text_of(each)};
    add_message(id, frame(const_text(name), schema(what["payload"]), false),
                where);
    put(operations_, id, operation("send", id, {id}));
    events_.emplace(name, id);
  }

  void add_request(text name, const value& what) {
    auto id = names_.make(name);
    auto question = frame(const_text(name), schema(what["question"]), false);
    put(question["properties"], "requestId", typed("string"));
    add(question["required"], copy("requestId"));
    auto asked = names_.make(id + ".question"),
         answered = names_.make(id + ".answer");
    add_message(asked, std::move(question), {});
    auto answer = typed("object");
    auto members = object();
    put(members, "requestId", typed("string"));
    put(members, "payload", schema(what["answer"]));
    put(answer, "properties", std::move(members));
    put(answer, "required", list({"requestId"}));
    add_message(answered, std::move(answer), {});
    auto asks = operation("send", id, {asked});
    put(asks, "reply", said_in(id, {answered}));
    put(operations_, id, std::move(asks));
  }

  // -- parts of the document --------------------------------------------------

  void add_server() {
    auto server = object();
    put(server, "host", "localhost:8080");
    put(server, "pathname", text_of(contract_["path"]));
    put(server, "protocol", "ws");
    auto servers = object();
    put(servers, "main", std::move(server));
    put(result_, "servers", std::move(servers));
  }

  void add_channels() {
    for (auto& each : contract_["channels"].GetObject())
      put(channels_, names_.make(text_of(each.name)),
          topic_channel(text_of(each.name), each.value));
    put(result_, "channels", std::move(channels_));
  }

  /// Topics that a client subscribes to within the connection: they have no
  /// address of their own.
  value topic_channel(text name, const value& what) {
    auto result = object();
    put(result, "address", value{rapidjson::kNullType});
    put(result, "title", name);
    auto about = "Subscribed to by app::websocket:subscribe. " + for_whom(what);
    if (what["history"].GetBool())
      about += " Events are kept for who comes back.";
    if (what.HasMember("presence"))
      about += " Shows who is there.";
    put(result, "description", about);
    auto messages = object();
    for (auto& each : what["events"].GetArray()) {
      auto& id = events_.find(text_of(each))->second;
      put(messages, id, in_components(id));
    }
    put(result, "messages", std::move(messages));
    return result;
  }

  void add_components() {
    auto types = object();
    for (auto& each : contract_["$defs"].GetObject())
      put(types, text_of(each.name), schema(each.value));
    auto components = object();
    put(components, "messages", std::move(messages_));
    put(components, "schemas", std::move(types));
    if (contract_["authenticates"].GetBool()) {
      auto token = typed("http");
      put(token, "scheme", "bearer");
      put(token, "description",
          "In the handshake, or in the payload of app::websocket:auth.");
      auto all = object();
      put(all, "token", std::move(token));
      put(components, "securitySchemes", std::move(all));
    }
    put(result_, "components", std::move(components));
  }

  void add_message(const std::string& id, value payload, text about) {
    auto message = object();
    put(message, "name", id);
    if (!about.empty())
      put(message, "summary", about);
    auto has_ack = payload["properties"].HasMember("ackId");
    put(message, "payload", std::move(payload));
    if (has_ack) {
      auto by = object();
      put(by, "location", "$message.payload#/ackId");
      put(message, "correlationId", std::move(by));
    }
    put(messages_, id, std::move(message));
  }

  /// A whole text that goes over the WebSocket.
  value frame(value topic, value payload, bool has_ack) {
    auto members = object();
    put(members, "topic", std::move(topic));
    put(members, "payload", std::move(payload));
    if (has_ack) {
      auto ack = object();
      put(ack, "type", list({"string", "integer"}));
      put(members, "ackId", std::move(ack));
    }
    auto result = typed("object");
    put(result, "properties", std::move(members));
    put(result, "required", list({"topic"}));
    return result;
  }

  using strings = std::vector<std::string>;

  value operation(text action, const std::string& id, const strings& messages) {
    auto result = said_in(id, messages);
    put(result, "action", action);
    return result;
  }

  /// Messages of an operation, which has a channel of its own at the address of
  /// the WebSocket: of one that has all messages, AsyncAPI's parser needs a
  /// time that grows with the square of their number.
  value said_in(const std::string& id, const strings& messages) {
    if (!channels_.HasMember(id.c_str())) {
      auto one = object();
      put(one, "address", text_of(contract_["path"]));
      put(one, "messages", object());
      put(channels_, id, std::move(one));
    }
    const auto place = "#/channels/" + id;
    auto all = array();
    for (auto& each : messages) {
      put(channels_[id.c_str()]["messages"], each, in_components(each));
      auto where = place;
      where.append("/messages/").append(each);
      add(all, reference(where));
    }
    auto result = object();
    put(result, "channel", reference(place));
    put(result, "messages", std::move(all));
    return result;
  }

  // -- pieces -----------------------------------------------------------------

  value in_components(const std::string& message) {
    return reference("#/components/messages/" + message);
  }

  value schema(const value& from) {
    return draft7_schema(from, schemas, memory());
  }

  const rapidjson::Document& contract_;
  value result_{rapidjson::kObjectType};
  component_names names_{{"error"}};
  /// The ids of events, by their topics.
  std::map<std::string, std::string, std::less<>> events_;
  value messages_{rapidjson::kObjectType};
  value channels_{rapidjson::kObjectType};
  value operations_{rapidjson::kObjectType};
};

} // namespace

std::string asyncapi_of(const rapidjson::Document& contract) {
  return writer{contract}.write();
}

} // namespace flamigo::tool
