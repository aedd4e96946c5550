#include "contract/asyncapi.hpp"

#include <catch2/catch_test_macros.hpp>

#include <rapidjson/pointer.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "contract/draft7_schema.hpp"
#include "contracts.hpp"

using namespace flamigo::tool;
using namespace flamigo::test;

namespace {

std::string json(const rapidjson::Value& value) {
  rapidjson::StringBuffer out;
  rapidjson::Writer<rapidjson::StringBuffer> writer{out};
  value.Accept(writer);
  return out.GetString();
}

std::string draft7(const std::string& schema) {
  rapidjson::Document from, memory;
  from.Parse(schema.c_str());
  REQUIRE_FALSE(from.HasParseError());
  return json(draft7_schema(from, "#/x/", memory.GetAllocator()));
}

} // namespace

TEST_CASE("schemas are said in the words of draft 7") {
  CHECK(draft7("{}") == "{}");
  CHECK(draft7(R"({"$ref":"#/$defs/a"})") == R"({"$ref":"#/x/a"})");
  CHECK(draft7(R"({"$ref":"#/$defs/a","description":"b"})")
        == R"({"description":"b","allOf":[{"$ref":"#/x/a"}]})");
  CHECK(draft7(R"({"$ref":"#/$defs/a","allOf":[{"$ref":"#/$defs/b"}]})")
        == R"({"allOf":[{"$ref":"#/x/b"},{"$ref":"#/x/a"}]})");
  CHECK(draft7(R"({"type":"array","prefixItems":[{"$ref":"#/$defs/a"}],)"
               R"("items":false,"minItems":1})")
        == R"({"type":"array","items":[{"$ref":"#/x/a"}],)"
           R"("additionalItems":false,"minItems":1})");
  CHECK(draft7(R"({"discriminator":{"propertyName":"type"},)"
               R"("oneOf":[{"$ref":"#/$defs/a"}]})")
        == R"({"discriminator":"type","oneOf":[{"$ref":"#/x/a"}]})");
  CHECK(draft7(R"({"properties":{"items":{"$ref":"#/$defs/a"},)"
               R"("prefixItems":{"type":"string"}},)"
               R"("additionalProperties":{"$ref":"#/$defs/a"}})")
        == R"({"properties":{"items":{"$ref":"#/x/a"},)"
           R"("prefixItems":{"type":"string"}},)"
           R"("additionalProperties":{"$ref":"#/x/a"}})");
  CHECK(draft7(R"({"enum":["a"],"default":{"$ref":1}})")
        == R"({"enum":["a"],"default":{"$ref":1}})");
}

TEST_CASE("each strategy, event and request is an operation") {
  rapidjson::Document made;
  auto text = asyncapi_of(contract_of(
    contract_text(R"({"$ref":"#/$defs/chat.a"})", R"({"type":"integer"})",
                  R"({"chat.a":{"type":"string"}})", R"(["user:mod"])")));
  made.Parse(text.c_str());
  REQUIRE_FALSE(made.HasParseError());
  auto at = [&](const char* path) {
    auto found = rapidjson::Pointer{path}.Get(made);
    return found == nullptr    ? std::string{"nothing"}
           : found->IsString() ? std::string{found->GetString()}
                               : json(*found);
  };
  CHECK(at("/operations/app.a.b/action") == "receive");
  CHECK(at("/operations/app.a.b/title") == "app::a:b");
  CHECK(at("/operations/app.a.b/reply/messages/0/$ref")
        == "#/channels/app.a.b/messages/app.a.b.reply");
  CHECK(at("/operations/app.a.b/description")
        == "For user:mod.\n- 400 invalid_payload");
  CHECK(at("/operations/app.a.b/security/0/$ref")
        == "#/components/securitySchemes/token");
  CHECK(at("/operations/chat.message/action") == "send");
  CHECK(at("/components/messages/chat.message/summary")
        == "To those who have subscribed to rooms/*");
  CHECK(at("/operations/confirm/reply/messages/0/$ref")
        == "#/channels/confirm/messages/confirm.answer");
  CHECK(at("/components/messages/app.a.b.request/payload/properties/topic")
        == R"({"type":"string","const":"app::a:b"})");
  CHECK(at("/components/messages/app.a.b.request/payload/properties/payload")
        == R"({"$ref":"#/components/schemas/chat.a"})");
  CHECK(at("/components/messages/app.a.b.request/correlationId/location")
        == "$message.payload#/ackId");
  CHECK(at("/components/messages/app.a.b.request/payload/required")
        == R"(["topic","payload"])");
  for (auto each : {"app.a.b", "chat.message", "confirm"})
    CHECK(at((std::string{"/channels/"} + each + "/address").c_str()) == "/ws");
  CHECK(at("/channels/rooms/address") == "null");
  CHECK(at("/channels/rooms/title") == "rooms/*");
  CHECK(at("/channels/rooms/messages/chat.message/$ref")
        == "#/components/messages/chat.message");
  CHECK(at("/components/schemas/chat.a/type") == "string");
}
