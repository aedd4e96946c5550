#include "contract/typescript.hpp"

#include <catch2/catch_test_macros.hpp>

#include "contract/typescript_names.hpp"
#include "contract/typescript_type.hpp"
#include "contracts.hpp"

using namespace flamigo::tool;
using namespace flamigo::test;

namespace {

std::string type(const std::string& schema) {
  rapidjson::Document definitions;
  definitions.Parse(R"({"chat.post":{},"chat.color":{}})");
  rapidjson::Document parsed;
  parsed.Parse(schema.c_str());
  REQUIRE_FALSE(parsed.HasParseError());
  return typescript_type(parsed, typescript_names{definitions});
}

} // namespace

TEST_CASE("schemas become types of TypeScript") {
  CHECK(type("{}") == "unknown");
  CHECK(type("true") == "unknown");
  CHECK(type(R"({"type":"array","items":false})") == "never[]");
  CHECK(type(R"({"type":"boolean"})") == "boolean");
  CHECK(type(R"({"type":"integer","minimum":0})") == "number");
  CHECK(type(R"({"type":"null"})") == "null");
  CHECK(type(R"({"$ref":"#/$defs/chat.post"})") == "ChatPost");
  CHECK(type(R"({"type":"string","enum":["a","b\"c"]})") == R"("a" | "b\"c")");
  CHECK(type(R"({"type":"array","items":{"type":"string"}})") == "string[]");
  CHECK(type(R"({"type":"array","items":{"enum":["a","b"]}})")
        == R"(Array<"a" | "b">)");
  CHECK(type(R"({"type":"array","prefixItems":[{"type":"string"},{}],)"
             R"("items":false})")
        == "[string, unknown]");
  CHECK(type(R"({"anyOf":[{"type":"integer"},{"type":"number"},)"
             R"({"type":"null"}]})")
        == "number | null");
  CHECK(type(R"({"type":"object","additionalProperties":{"type":"integer"}})")
        == "Record<string, number>");
  CHECK(
    type(R"({"type":"object","propertyNames":{"$ref":"#/$defs/chat.color"},)"
         R"("additionalProperties":{}})")
    == "Partial<Record<ChatColor, unknown>>");
  CHECK(type(R"({"type":"object","properties":{}})")
        == "Record<string, unknown>");
  // Members have the names that they have, and their words.
  CHECK(type(R"({"type":"object","required":["a"],"properties":{)"
             R"("a":{"type":"string","description":"Ends */ here."},)"
             R"("b-c":{"type":"object","properties":{"d":{}}}}})")
        == "{\n"
           "  /** Ends * / here. */\n"
           "  \"a\": string;\n"
           "  \"b-c\"?: {\n"
           "    \"d\"?: unknown;\n"
           "  };\n"
           "}");
  // A struct of a variant is the struct, and its tag.
  CHECK(type(R"({"oneOf":[{"$ref":"#/$defs/chat.post","type":"object",)"
             R"("required":["type"],"properties":{"type":{"const":"post"}}},)"
             R"({"type":"null"}]})")
        == "(ChatPost & {\n  \"type\": \"post\";\n}) | null");
}

TEST_CASE("definitions have names of their own") {
  rapidjson::Document definitions;
  definitions.Parse(
    R"({"a.b":{},"a-b":{},"3d":{},"contract":{},"a.b.input":{}})");
  typescript_names names{definitions};
  CHECK(names.of("a.b") == "AB");
  CHECK(names.of("a-b") == "AB2");
  CHECK(names.of("3d") == "Type3d");
  CHECK(names.of("contract") == "Contract2");
  CHECK(names.of("a.b.input") == "ABInput");
}

TEST_CASE("a contract becomes a module") {
  auto text = typescript_of(contract_of(
    contract_text(R"({"$ref":"#/$defs/a"})", R"({"type":"integer"})",
                  R"({"a":{"type":"string","description":"A name."}})")));
  CHECK(text == R"(// Made by `flamigo contract --typescript`. Do not edit.

/** A name. */
export type A = string;

/** What this server and its clients say to each other. */
export interface Contract {
  calls: {
    "app::a:b": { input: A; output: number; errors: "invalid_payload" };
  };
  streams: {
  };
  events: {
    "chat:message": number;
  };
  channels: {
    "rooms/*": {
      input: null;
      result: null;
      presence: string;
      events: {
        "chat:message": number;
      };
    };
  };
  requests: {
    "confirm": { input: number; output: A };
  };
}
)");
}
