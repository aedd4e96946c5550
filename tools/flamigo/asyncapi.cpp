#include "asyncapi.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string_view>

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "contract_document.hpp"
#include "draft7_schema.hpp"

namespace flamigo::tool {

namespace {

using value = rapidjson::Value;

/// Text that is no text of another document.
using text = std::string_view;

class writer {
public:
  explicit writer(const rapidjson::Document& contract)
    : contract_(contract), memory_(result_.GetAllocator()) {
    result_.SetObject();
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
    add_channel();
    put(result_, "operations", std::move(operations_));
    add_components();
    rapidjson::StringBuffer out;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> pretty{out};
    pretty.SetIndent(' ', 2);
    result_.Accept(pretty);
    return std::string{out.GetString(), out.GetSize()} + "\n";
  }

private:
  static constexpr text schemas = "#/components/schemas/";

  // -- what is said -----------------------------------------------------------

  void add_strategy(text name, const value& what) {
    auto id = key(name);
    auto request = key(id + ".request"), answer = key(id + ".reply");
    auto input = member(what, "input");
    auto asked = frame(const_text(name),
                       input != nullptr ? schema(*input) : object(), true);
    // Without one it is null.
    if (input != nullptr && !takes_null(*input))
      asked["required"].PushBack("payload", memory_);
    add_message(request, std::move(asked), {});
    auto item = frame(const_text(name), schema(what["output"]), true);
    if (what["stream"].GetBool())
      put(item["properties"], "more", boolean_schema());
    add_message(answer, std::move(item), {});
    auto operation = this->operation("receive", request);
    put(operation, "title", name);
    put(operation, "summary", name);
    put(operation, "description", about(what));
    auto messages = array();
    messages.PushBack(reference(in_channel(answer)), memory_);
    messages.PushBack(reference(in_channel("error")), memory_);
    auto reply = object();
    put(reply, "channel", reference(channel));
    put(reply, "messages", std::move(messages));
    put(operation, "reply", std::move(reply));
    if (contract_["authenticates"].GetBool() && !lets_guests_in(what)) {
      auto all = array();
      all.PushBack(reference("#/components/securitySchemes/token"), memory_);
      put(operation, "security", std::move(all));
    }
    put(operations_, id, std::move(operation));
  }

  void add_event(text name, const value& what) {
    auto id = key(name);
    std::string where;
    for (auto& each : what["channels"].GetArray())
      where += (where.empty() ? "To those who have subscribed to " : ", ")
               + std::string{text_of(each)};
    add_message(id, frame(const_text(name), schema(what["payload"]), false),
                where);
    put(operations_, id, operation("send", id));
    events_.emplace(name, id);
  }

  void add_request(text name, const value& what) {
    auto id = key(name);
    auto question = frame(const_text(name), schema(what["question"]), false);
    put(question["properties"], "requestId", string_schema());
    question["required"].PushBack("requestId", memory_);
    auto asked = key(id + ".question"), answered = key(id + ".answer");
    add_message(asked, std::move(question), {});
    auto answer = object();
    put(answer, "type", "object");
    auto members = object();
    put(members, "requestId", string_schema());
    put(members, "payload", schema(what["answer"]));
    put(answer, "properties", std::move(members));
    put(answer, "required", list({"requestId"}));
    add_message(answered, std::move(answer), {});
    auto asks = operation("send", asked);
    auto reply = object();
    put(reply, "channel", reference(channel));
    auto messages = array();
    messages.PushBack(reference(in_channel(answered)), memory_);
    put(reply, "messages", std::move(messages));
    put(asks, "reply", std::move(reply));
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

  void add_channel() {
    auto one = object();
    put(one, "address", text_of(contract_["path"]));
    put(one, "messages", std::move(in_channel_));
    auto all = object();
    put(all, "connection", std::move(one));
    for (auto& each : contract_["channels"].GetObject())
      put(all, key(text_of(each.name)),
          topic_channel(text_of(each.name), each.value));
    put(result_, "channels", std::move(all));
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
      put(messages, id, reference("#/components/messages/" + id));
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
      auto token = object();
      put(token, "type", "http");
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
    put(in_channel_, id, reference("#/components/messages/" + id));
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
    auto result = object();
    put(result, "type", "object");
    put(result, "properties", std::move(members));
    put(result, "required", list({"topic"}));
    return result;
  }

  value operation(text action, const std::string& message) {
    auto result = object();
    put(result, "action", action);
    put(result, "channel", reference(channel));
    auto messages = array();
    messages.PushBack(reference(in_channel(message)), memory_);
    put(result, "messages", std::move(messages));
    return result;
  }

  static std::string for_whom(const value& what) {
    std::string result = "For ";
    for (auto& each : what["access"].GetArray())
      result += (result.size() > 4 ? ", " : "") + std::string{text_of(each)};
    return result + ".";
  }

  bool takes_null(const value& input) const {
    auto& what = resolved(input, contract_);
    if (auto type = member(what, "type"))
      return text_of(*type) == "null";
    auto any = member(what, "anyOf");
    return any == nullptr
           || std::any_of(any->Begin(), any->End(),
                          [this](auto& each) { return takes_null(each); });
  }

  static std::string about(const value& what) {
    auto result = for_whom(what);
    for (auto& each : what["limits"].GetArray())
      result += " " + std::string{text_of(each)} + ".";
    for (auto& each : what["errors"].GetArray()) {
      result += "\n- " + std::to_string(each["status"].GetInt()) + " "
                + std::string{text_of(each["code"])};
      if (auto why = member(each, "description"))
        result += ": " + std::string{text_of(*why)};
    }
    return result;
  }

  static bool lets_guests_in(const value& what) {
    for (auto& each : what["access"].GetArray())
      if (text_of(each).starts_with("guest"))
        return true;
    return false;
  }

  value error_schema() {
    auto members = object();
    for (auto name : {"message", "code"})
      put(members, name, string_schema());
    auto status = object();
    put(status, "type", "integer");
    put(members, "status", std::move(status));
    auto result = object();
    put(result, "type", "object");
    put(result, "properties", std::move(members));
    put(result, "required", list({"message", "status", "code"}));
    return result;
  }

  // -- pieces -----------------------------------------------------------------

  static constexpr text channel = "#/channels/connection";

  static std::string in_channel(const std::string& message) {
    return std::string{channel} + "/messages/" + message;
  }

  value schema(const value& from) {
    return draft7_schema(from, schemas, memory_);
  }

  value string_schema() {
    auto result = object();
    put(result, "type", "string");
    return result;
  }

  value boolean_schema() {
    auto result = object();
    put(result, "type", "boolean");
    return result;
  }

  value const_text(text what) {
    auto result = object();
    put(result, "type", "string");
    put(result, "const", what);
    return result;
  }

  value reference(text to) {
    auto result = object();
    put(result, "$ref", to);
    return result;
  }

  value list(std::initializer_list<text> of) {
    auto result = array();
    for (auto each : of)
      result.PushBack(copy(each), memory_);
    return result;
  }

  static value object() {
    return value{rapidjson::kObjectType};
  }

  static value array() {
    return value{rapidjson::kArrayType};
  }

  value copy(text what) {
    return value{what.data(), static_cast<rapidjson::SizeType>(what.size()),
                 memory_};
  }

  void put(value& to, text name, value&& what) {
    to.AddMember(copy(name), what, memory_);
  }

  void put(value& to, text name, text what) {
    to.AddMember(copy(name), copy(what), memory_);
  }

  /// What names of components are made of (AsyncAPI 3.0, Components Object);
  /// each name has one of its own.
  std::string key(text name) {
    std::string wanted;
    for (auto c : name)
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'
          || c == '-')
        wanted += c;
      else if (!wanted.empty() && wanted.back() != '.')
        wanted += '.';
    while (wanted.ends_with('.'))
      wanted.pop_back();
    auto result = wanted;
    for (int i = 2; !taken_.insert(result).second; ++i)
      result = wanted + "-" + std::to_string(i);
    return result;
  }

  const rapidjson::Document& contract_;
  rapidjson::Document result_;
  rapidjson::Document::AllocatorType& memory_;
  std::set<std::string> taken_{"error", "connection"};
  /// The ids of events, by their topics.
  std::map<std::string, std::string, std::less<>> events_;
  value messages_{rapidjson::kObjectType};
  value in_channel_{rapidjson::kObjectType};
  value operations_{rapidjson::kObjectType};
};

} // namespace

std::string asyncapi_of(const rapidjson::Document& contract) {
  return writer{contract}.write();
}

} // namespace flamigo::tool
