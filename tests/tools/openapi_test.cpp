#include "contract/openapi.hpp"

#include <catch2/catch_test_macros.hpp>

#include <rapidjson/pointer.h>

#include "contract/component_schema.hpp"
#include "contracts.hpp"
#include "failure.hpp"

using namespace flamigo::tool;
using namespace flamigo::test;

namespace {

std::string in_components(const std::string& schema) {
  rapidjson::Document from, memory;
  from.Parse(schema.c_str());
  REQUIRE_FALSE(from.HasParseError());
  return json_of(component_schema(from, memory.GetAllocator()));
}

/// What a document has of one path, by JSON pointers.
struct described {
  described(const std::string& contract, std::string where)
    : path(std::move(where)) {
    made.Parse(openapi_of(contract_of(contract)).c_str());
    REQUIRE_FALSE(made.HasParseError());
  }

  std::string at(const std::string& what) const {
    auto found = rapidjson::Pointer{(path + what).c_str()}.Get(made);
    return found != nullptr ? json_of(*found) : "nothing";
  }

  std::string path;
  rapidjson::Document made;
};

std::string replaced(std::string text, const std::string& what,
                     const std::string& by) {
  auto at = text.find(what);
  REQUIRE(at != text.npos);
  return text.replace(at, what.size(), by);
}

const std::string order
  = R"({"shop.order":{"type":"object","properties":{"a":{"type":"integer"},)"
    R"("item":{"type":"string"},"how":{"$ref":"#/$defs/shop.how"},)"
    R"("more":{"type":"object"}},)"
    R"("required":["a","item"]},"shop.how":{"enum":["fast"]}})";

std::string served(const std::string& where,
                   const std::string& access = R"(["user"])") {
  return replaced(contract_text(R"({"$ref":"#/$defs/shop.order"})",
                                R"({"type":"integer"})", order, access),
                  "POST /b/{a}", where);
}

} // namespace

TEST_CASE("definitions are components of OpenAPI") {
  CHECK(in_components("{}") == "{}");
  CHECK(in_components(R"({"$ref":"#/$defs/a","description":"b"})")
        == R"({"$ref":"#/components/schemas/a","description":"b"})");
  CHECK(in_components(R"({"prefixItems":[{"$ref":"#/$defs/a"}],"items":false})")
        == R"({"prefixItems":[{"$ref":"#/components/schemas/a"}],)"
           R"("items":false})");
  CHECK(in_components(R"({"enum":["a"],"default":{"$ref":"#/$defs/a"}})")
        == R"({"enum":["a"],"default":{"$ref":"#/$defs/a"}})");
  CHECK(in_components(R"({"discriminator":{"propertyName":"type"},"oneOf":)"
                      R"([{"$ref":"#/$defs/a","properties":)"
                      R"({"type":{"const":"x"}}}]})")
        == R"({"discriminator":{"propertyName":"type",)"
           R"("mapping":{"x":"#/components/schemas/a"}},)"
           R"("oneOf":[{"$ref":"#/components/schemas/a",)"
           R"("properties":{"type":{"const":"x"}}}]})");
  // By another member.
  CHECK(in_components(R"({"oneOf":[{"$ref":"#/$defs/a","properties":)"
                      R"({"kind":{"const":"x"}}}],)"
                      R"("discriminator":{"propertyName":"kind"}})")
        == R"({"oneOf":[{"$ref":"#/components/schemas/a",)"
           R"("properties":{"kind":{"const":"x"}}}],)"
           R"("discriminator":{"propertyName":"kind",)"
           R"("mapping":{"x":"#/components/schemas/a"}}})");
}

TEST_CASE("what the path has is not in the body") {
  described d{served("POST /b/{a}"), "/paths/~1b~1{a}/post"};
  CHECK(d.at("/parameters")
        == R"([{"name":"a","in":"path","required":true,)"
           R"("schema":{"type":"integer"}}])");
  const std::string body = "/requestBody/content/application~1json/schema";
  CHECK(d.at("/requestBody/required") == "true");
  CHECK(d.at(body + "/required") == R"(["item"])");
  CHECK(d.at(body + "/properties")
        == R"({"item":{"type":"string"},)"
           R"("how":{"$ref":"#/components/schemas/shop.how"},)"
           R"("more":{"type":"object"}})");
  CHECK(d.at("/summary") == "\"app::a:b\"");
  CHECK(d.at("/security") == R"([{"token":[]}])");
  CHECK(d.at("/responses/200/content/application~1json/schema")
        == R"({"type":"integer"})");
  CHECK(d.at("/responses/400/description") == "\"invalid_payload\"");
  CHECK(d.at("/responses/default/content/application~1json/schema/$ref")
        == "\"#/components/schemas/flamigo-error\"");
}

TEST_CASE("a body of which nothing is known has a path beside it") {
  described d{contract_text("true", "{}"), "/paths/~1b~1{a}/post"};
  CHECK(d.at("/parameters/0/name") == "\"a\"");
  CHECK(d.at("/requestBody/content/application~1json/schema") == "true");
}

TEST_CASE("what has no body has a query") {
  described d{served("GET /b/{a}", R"(["guest","user"])"),
              "/paths/~1b~1{a}/get"};
  CHECK(d.at("/parameters")
        == R"([{"name":"a","in":"path","required":true,)"
           R"("schema":{"type":"integer"}},)"
           R"({"name":"item","in":"query","required":true,)"
           R"("schema":{"type":"string"}},)"
           R"({"name":"how","in":"query","required":false,)"
           R"("schema":{"$ref":"#/components/schemas/shop.how"}}])");
  CHECK(d.at("/requestBody") == "nothing");
  // Guests may.
  CHECK(d.at("/security") == "nothing");
}

TEST_CASE("a parameter is there or is not, but never null") {
  const std::string or_null = R"(,{"type":"null"}]})";
  const std::string input
    = R"({"type":"object","properties":{"a":{"anyOf":[{"type":"integer"})"
      + or_null + R"(,"b":{"anyOf":[{"type":"string"},{"type":"null"}],)"
      + R"("description":"what to look for"},)"
      + R"("how":{"anyOf":[{"$ref":"#/$defs/shop.how"})" + or_null
      + R"(,"order":{"anyOf":[{"$ref":"#/$defs/shop.order"})" + or_null
      + R"(,"both":{"anyOf":[{"type":"integer"},{"type":"string"}]}}})";
  described d{replaced(contract_text(input, "{}", order), "POST /b/{a}",
                       "GET /b/{a}"),
              "/paths/~1b~1{a}/get"};
  CHECK(d.at("/parameters/0/schema") == R"({"type":"integer"})");
  CHECK(d.at("/parameters/1/schema")
        == R"({"type":"string","description":"what to look for"})");
  CHECK(d.at("/parameters/2/schema")
        == R"({"$ref":"#/components/schemas/shop.how"})");
  // A query has no objects, and of two types that are not null both are left.
  CHECK(d.at("/parameters/3/name") == "\"both\"");
  CHECK(d.at("/parameters/3/schema/anyOf/1/type") == "\"string\"");
  CHECK(d.at("/parameters/4") == "nothing");
}

TEST_CASE("a body that is the input is the definition") {
  described d{served("PUT /b"), "/paths/~1b/put"};
  CHECK(d.at("/parameters") == "nothing");
  CHECK(d.at("/requestBody/content/application~1json/schema")
        == R"({"$ref":"#/components/schemas/shop.order"})");
}

TEST_CASE("a contract whose path has no strategy is none") {
  CHECK_THROWS_AS(contract_of(replaced(served("PUT /b"),
                                       R"("strategy":"app::a:b")",
                                       R"("strategy":"app::a:c")")),
                  failure);
  CHECK_THROWS_AS(contract_of(served("/b")), failure);
}
