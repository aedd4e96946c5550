#include <catch2/catch_test_macros.hpp>

#include "contract/asyncapi.hpp"
#include "contract/component_schema.hpp"
#include "contract/contract_diff.hpp"
#include "contract/draft7_schema.hpp"
#include "contract/openapi.hpp"
#include "contract/typescript.hpp"
#include "contracts.hpp"

using namespace flamigo::tool;
using namespace flamigo::test;

namespace {

/// A struct with one member.
std::string with(const std::string& name, const std::string& member) {
  return R"({"type":"object","properties":{")" + name + "\":" + member
         + R"(},"required":[")" + name + R"("]})";
}

std::string referring(const std::string& name, const std::string& to) {
  return with(name, R"({"$ref":")" + to + R"("})");
}

} // namespace

TEST_CASE("a member of a struct may be named like a keyword") {
  for (std::string name :
       {"discriminator", "oneOf", "anyOf", "allOf", "prefixItems", "$ref",
        "enum", "const", "default", "items", "properties", "required", "type",
        "additionalProperties", "propertyNames", "not", "description"}) {
    INFO(name);
    rapidjson::Document from, memory;
    from.Parse(referring(name, "#/$defs/b").c_str());
    CHECK(json_of(component_schema(from, memory.GetAllocator()))
          == referring(name, "#/components/schemas/b"));
    CHECK(json_of(draft7_schema(from, "#/x/", memory.GetAllocator()))
          == referring(name, "#/x/b"));
    auto contract = [&](const std::string& member) {
      return contract_of(
        contract_text("{}", R"({"$ref":"#/$defs/a"})",
                      R"({"a":)" + with(name, member) + R"(,"b":{}})"));
    };
    auto was = contract(R"({"$ref":"#/$defs/b"})"),
         is = contract(R"({"type":"string"})");
    auto ts = typescript_of(was);
    CHECK(ts.find("export type A = {\n  \"" + name + "\": B;\n}") != ts.npos);
    CHECK_NOTHROW(openapi_of(is));
    CHECK_NOTHROW(asyncapi_of(is));
    CHECK(compare_contracts(was, was).empty());
    auto all = compare_contracts(was, is);
    REQUIRE_FALSE(all.empty());
    CHECK(all.back().text.find(name + ": is string now")
          != all.back().text.npos);
  }
}

TEST_CASE("what looks like a schema and is a value stays as it is") {
  for (std::string keyword : {"enum", "const", "default", "examples"}) {
    INFO(keyword);
    const auto schema = "{\"" + keyword + R"(":[{"$ref":"#/$defs/a"}]})";
    rapidjson::Document from, memory;
    from.Parse(schema.c_str());
    CHECK(json_of(component_schema(from, memory.GetAllocator())) == schema);
    CHECK(json_of(draft7_schema(from, "#/x/", memory.GetAllocator()))
          == schema);
  }
}
