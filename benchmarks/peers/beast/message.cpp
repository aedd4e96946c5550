#include "message.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace {

using writer = rapidjson::Writer<rapidjson::StringBuffer>;

std::string_view text_of(const rapidjson::Value& object, const char* name) {
  if (!object.IsObject())
    return {};
  auto member = object.FindMember(name);
  if (member == object.MemberEnd() || !member->value.IsString())
    return {};
  return {member->value.GetString(), member->value.GetStringLength()};
}

void write(writer& out, std::string_view text) {
  out.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

} // namespace

std::optional<request> request::parse(std::string_view text) {
  request result;
  result.document_.Parse(text.data(), text.size());
  if (result.document_.HasParseError() || result.topic().empty())
    return std::nullopt;
  return result;
}

std::string_view request::topic() const {
  return text_of(document_, "topic");
}

std::string_view request::payload_topic() const {
  auto payload = document_.FindMember("payload");
  if (payload == document_.MemberEnd())
    return {};
  return text_of(payload->value, "topic");
}

std::string request::event(std::string_view topic) const {
  rapidjson::StringBuffer buffer;
  writer out{buffer};
  out.StartObject();
  out.Key("topic");
  write(out, topic);
  auto payload = document_.FindMember("payload");
  if (payload != document_.MemberEnd()) {
    out.Key("payload");
    payload->value.Accept(out);
  }
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::string request::reply(bool with_payload) const {
  rapidjson::StringBuffer buffer;
  writer out{buffer};
  out.StartObject();
  out.Key("topic");
  write(out, topic());
  out.Key("payload");
  auto payload = document_.FindMember("payload");
  if (with_payload && payload != document_.MemberEnd())
    payload->value.Accept(out);
  else
    out.Null();
  auto ack_id = document_.FindMember("ackId");
  if (ack_id != document_.MemberEnd()) {
    out.Key("ackId");
    ack_id->value.Accept(out);
  }
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}
