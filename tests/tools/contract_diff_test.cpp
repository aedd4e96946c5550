#include "contract/contract_diff.hpp"

#include <algorithm>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers.hpp>

#include "contract/contract_words.hpp"
#include "contracts.hpp"
#include "failure.hpp"
#include "support/temporary_directory.hpp"

using namespace flamigo::tool;
using namespace flamigo::test;

namespace {

using strings = std::vector<std::string>;

strings changes(const std::string& before, const std::string& after) {
  strings result;
  for (auto& each : compare_contracts(contract_of(before), contract_of(after)))
    result.push_back((each.breaks ? "! " : "  ") + each.text);
  return result;
}

bool breaks(const std::string& before, const std::string& after) {
  auto all = changes(before, after);
  return std::any_of(all.begin(), all.end(),
                     [](auto& x) { return x.starts_with("!"); });
}

std::string with(const std::string& input, const std::string& output,
                 const std::string& access = R"(["guest","user"])") {
  return contract_text(input, output, "{}", access);
}

std::string replaced(std::string text, const std::string& what,
                     const std::string& by) {
  auto at = text.find(what);
  REQUIRE(at != text.npos);
  return text.replace(at, what.size(), by);
}

const std::string any = "{}";
const std::string number = R"({"type":"number"})";
const std::string integer = R"({"type":"integer","minimum":0,"maximum":9})";
const std::string small = R"({"type":"integer","minimum":0,"maximum":5})";
const std::string one
  = R"({"type":"object","properties":{"a":{"type":"string"},)"
    R"("b":{"type":"string"}},"required":["a"]})";
const std::string both
  = R"({"type":"object","properties":{"a":{"type":"string"},)"
    R"("b":{"type":"string"}},"required":["a","b"]})";
const std::string less
  = R"({"type":"object","properties":{"a":{"type":"string"}},)"
    R"("required":["a"]})";

} // namespace

TEST_CASE("a contract does not differ from itself") {
  CHECK(changes(with(one, number), with(one, number)).empty());
}

TEST_CASE("what is taken may become more, and what is given less") {
  // As an input, and as an output.
  struct row {
    std::string before;
    std::string after;
    bool breaks_input;
    bool breaks_output;
  };
  const std::string text = R"({"type":"string"})";
  const std::string colors = R"({"type":"string","enum":["red","blue"]})";
  const std::string more = R"({"type":"string","enum":["red","blue","green"]})";
  const std::string list = R"({"type":"array","items":)";
  const std::string map = R"({"type":"object","additionalProperties":)";
  const std::string keyed
    = R"({"type":"object","propertyNames":{"enum":["a"]},)"
      R"("additionalProperties":)";
  const std::string pair
    = R"({"type":"array","prefixItems":[{"type":"number"},)"
      R"({"type":"number"}],"items":false,"minItems":2})";
  const std::string triple
    = R"({"type":"array","prefixItems":[{"type":"number"},{"type":"number"},)"
      R"({"type":"number"}],"items":false,"minItems":3})";
  const std::string maybe = R"({"anyOf":[{"type":"number"},{"type":"null"}]})";
  const std::string circle
    = R"({"oneOf":[{"type":"object","properties":{"type":{"const":"circle"}}}]})";
  const std::string shapes
    = R"({"oneOf":[{"type":"object","properties":{"type":{"const":"circle"}}},)"
      R"({"type":"object","properties":{"type":{"const":"line"}}}]})";
  for (auto& [before, after, breaks_input, breaks_output] : {
         row{number, integer, true, false},
         row{integer, number, false, true},
         row{integer, small, true, false},
         row{small, integer, false, true},
         row{number, text, true, true},
         row{any, number, true, false},
         row{number, any, false, true},
         row{one, both, true, false},
         row{both, one, false, true},
         row{less, one, false, false},
         // Nobody is told any more what it would be.
         row{one, less, true, true},
         row{text, colors, true, false},
         row{colors, text, false, true},
         row{colors, more, false, true},
         row{more, colors, true, false},
         row{list + number + "}", list + integer + "}", true, false},
         row{list + number + R"(})", list + number + R"(,"uniqueItems":true})",
             true, false},
         row{list + number + R"(,"maxItems":3})",
             list + number + R"(,"maxItems":4})", false, true},
         row{number, maybe, false, true},
         row{maybe, number, true, false},
         row{circle, shapes, false, true},
         row{shapes, circle, true, false},
         row{map + integer + "}", map + number + "}", false, true},
         row{map + number + "}", keyed + number + "}", true, false},
         row{map + number + "}", less, true, true},
         row{less, map + number + "}", true, true},
         row{list + number + "}", pair, true, true},
         row{pair, triple, true, true},
         row{triple, pair, true, true},
         // A member of it is told of no more, also where it may be null.
         row{R"({"anyOf":[)" + one + R"(,{"type":"null"}]})",
             R"({"anyOf":[)" + less + R"(,{"type":"null"}]})", true, true},
         row{number, R"({"type":"number","exclusiveMaximum":5})", true, false},
         row{less, R"({"$comment":"has rules",)" + less.substr(1), true, false},
         row{text, R"({"type":"string","minLength":1})", true, false},
         row{R"({"type":"string","maxLength":5})",
             R"({"type":"string","maxLength":9})", false, true},
         row{map + number + "}", map + number + R"(,"maxProperties":9})", true,
             false},
         // Rules that no program of ours has, but others may.
         row{list + number + "}", list + number + R"(,"minContains":2})", true,
             false},
         row{R"({"maxLength":5})", R"({"maxLength":4})", true, false},
         row{integer, R"({"type":"number","minimum":5})", true, true},
         row{"true", "false", true, false},
         row{"false", "{}", false, true},
         row{list + "true}", list + "false}", true, false},
         row{R"({"type":"array"})", list + "{}}", false, false},
         row{map + "{}}", R"({"type":"object"})", false, false},
         row{map + "false}", R"({"type":"object"})", false, true},
         row{pair, replaced(pair, R"("items":false,)", ""), false, true},
         row{R"({"allOf":[)" + number + "]}", R"({"allOf":[)" + integer + "]}",
             true, false},
         row{R"({"allOf":[)" + number + "," + integer + "]}",
             R"({"allOf":[)" + number + "]}", false, true},
         row{"{}", R"({"not":)" + number + "}", true, false},
         row{R"({"not":)" + number + "}", R"({"not":)" + integer + "}", false,
             true},
         row{R"({"$ref":"#/$defs/a"})", R"({"$ref":"#/$defs/a","maxLength":3})",
             true, false},
         row{R"({"maxLength":5,"anyOf":[{"type":"string"},{"type":"null"}]})",
             R"({"maxLength":4,"anyOf":[{"type":"string"},{"type":"null"}]})",
             true, false},
       }) {
    INFO(before << " -> " << after);
    // Requests answer with the input and ask with the output.
    auto with_a = [](const std::string& input, const std::string& output) {
      return contract_text(input, output, R"({"a":{"type":"string"}})");
    };
    auto input = replaced(with_a(before, any), R"("answer":)" + before,
                          R"("answer":{})");
    auto changed = replaced(with_a(after, any), R"("answer":)" + after,
                            R"("answer":{})");
    CHECK(breaks(input, changed) == breaks_input);
    CHECK(breaks(with_a(any, before), with_a(any, after)) == breaks_output);
  }
}

TEST_CASE("differences are said with where they are") {
  const std::string old
    = R"({"type":"object","properties":{"a":{"type":"array","items":)" + one
      + R"(}}})";
  const std::string now
    = R"({"type":"object","properties":{"a":{"type":"array","items":)" + both
      + R"(}}})";
  auto all = changes(with(old, number), with(now, number));
  REQUIRE(all.size() == 2);
  CHECK(all[0]
        == "! strategy app::a:b: input: a/*: the member \"b\" has to be "
           "there now");
}

TEST_CASE("types that hold themselves are compared") {
  auto tree = [](const std::string& leaf) {
    return contract_text(
      R"({"$ref":"#/$defs/tree"})", any,
      R"({"tree":{"type":"object","properties":{"a":)" + leaf
        + R"(,"more":{"type":"array","items":{"$ref":"#/$defs/tree"}}}}})");
  };
  CHECK_FALSE(breaks(tree(integer), tree(integer)));
  CHECK_FALSE(breaks(tree(integer), tree(integer)));
  CHECK(breaks(tree(integer), tree(small)));
  // By way of a choice.
  auto chain = [](const std::string& leaf) {
    return contract_text(
      R"({"$ref":"#/$defs/node"})", any,
      R"({"node":{"type":"object","properties":{"a":)" + leaf
        + R"(,"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}}}})");
  };
  CHECK_FALSE(breaks(chain(integer), chain(integer)));
  CHECK(breaks(chain(integer), chain(small)));
}

TEST_CASE("who was let in stays let in") {
  struct row {
    std::string before;
    std::string after;
    bool breaks;
  };
  for (auto& [before, after, is_breaking] :
       {row{R"(["guest","user"])", R"(["user"])", true},
        row{R"(["user"])", R"(["guest","user"])", false},
        row{R"(["user:a"])", R"(["user"])", false},
        row{R"(["user"])", R"(["user:a"])", true},
        row{R"(["user:a,b"])", R"(["user:b"])", false},
        row{R"(["user:a,b"])", R"(["user:c"])", true},
        row{R"(["user"])", R"(["user","not user:banned"])", true},
        row{R"(["user","not user:banned"])", R"(["user"])", false},
        row{R"(["user"])", R"(["user if mood agrees"])", true},
        row{R"(["user if mood agrees"])", R"(["user"])", false},
        row{R"(["user"])", R"(["user","user:banned if mood agrees"])", true},
        row{R"(["user if any_of(a, b) agrees"])",
            R"(["user if a and b agree"])", true}}) {
    INFO(before << " -> " << after);
    CHECK(breaks(with(any, any, before), with(any, any, after)) == is_breaking);
  }
}

TEST_CASE("what goes away breaks, and what comes does not") {
  auto whole = with(any, any);
  for (auto part : {"strategies", "channels", "events", "requests"}) {
    INFO(part);
    // Another one in its place.
    auto json = contract_of(whole);
    auto& all = json[part];
    auto name = std::string{all.MemberBegin()->name.GetString()};
    auto gone = replaced(whole, "\"" + name + "\":{", "\"other\":{");
    if (std::string{part} == "events")
      gone = replaced(gone, R"(["chat:message"])", R"(["other"])");
    if (std::string{part} == "channels")
      gone = replaced(gone, R"(["rooms/*"])", R"(["other"])");
    if (std::string{part} == "strategies")
      gone = replaced(gone, R"("strategy":"app::a:b")",
                      R"("strategy":"other")");
    CHECK(breaks(whole, gone));
  }
  CHECK(
    breaks(whole, replaced(whole, R"("history":true)", R"("history":false)")));
  CHECK(breaks(whole, replaced(whole, R"("presence":{"type":"string"},)", "")));
  CHECK(
    breaks(whole, replaced(whole, R"("stream":false)", R"("stream":true)")));
  CHECK(breaks(whole, replaced(whole, R"("path":"/ws")", R"("path":"/x")")));
  CHECK_FALSE(
    breaks(whole, replaced(whole, R"("limits":[])", R"("limits":["once"])")));
  auto fewer = replaced(whole, R"("history":true)", R"("history":false)");
  CHECK_FALSE(breaks(fewer, whole));
}

TEST_CASE("an event comes in more channels, or in fewer") {
  auto one = with(any, any);
  auto both = one;
  const std::string rooms = R"("rooms/*":{"guard":"",)";
  both = replaced(both, rooms,
                  R"("news":{"guard":"","access":["user"],"history":true,)"
                  R"("events":["chat:message"]},)"
                    + rooms);
  both = replaced(both, R"("channels":["rooms/*"])",
                  R"("channels":["rooms/*","news"])");
  // Two lists say it, which is said once.
  auto nowhere = replaced(replaced(both, R"("events":["chat:message"]},"rooms)",
                                   R"("events":[]},"rooms)"),
                          R"(,"news"])", "]");
  const strings lost{"! channel news: has no event chat:message any more"};
  const strings got{"  channel news: has the event chat:message now"};
  CHECK(changes(both, nowhere) == lost);
  CHECK(changes(nowhere, both) == got);
  // One of them is enough.
  auto elsewhere = replaced(both, R"(,"news"])", "]");
  CHECK(changes(both, elsewhere) == lost);
  CHECK(changes(elsewhere, both) == got);
  // What is gone, and what is new, is that.
  CHECK(changes(both, one) == strings{"! channel news: is gone"});
  CHECK(changes(one, both) == strings{"  channel news: is new"});
  auto in_none = replaced(one, R"("channels":["rooms/*"])", R"("channels":[])");
  CHECK(changes(in_none, one)
        == strings{"! event chat:message: comes in channels only now"});
}

TEST_CASE("the name of an event may have a zero in it") {
  auto both
    = replaced(replaced(replaced(with(any, any), R"("events":["chat:message"])",
                                 R"("events":["a\u0000b"])"),
                        R"("chat:message":)", R"("a\u0000b":)"),
               R"("rooms/*":{"guard")",
               R"("news":{"guard":"","access":["user"],"events":[]},)"
               R"("rooms/*":{"guard")");
  auto more = replaced(both, R"("channels":["rooms/*"])",
                       R"("channels":["rooms/*","news"])");
  using namespace std::string_literals;
  CHECK(changes(both, more)
        == strings{"  channel news: has the event a\0b now"s});
  CHECK(changes(more, both)
        == strings{"! channel news: has no event a\0b any more"s});
}

TEST_CASE("one change is said once") {
  const std::string text = R"({"type":"string"})";
  CHECK(
    changes(with(text, any), with(integer, any))
    == strings{"! strategy app::a:b: input: is integer now, and was string",
               "! request confirm: answer: is integer now, and was string"});
  auto like = [](const std::string& pattern) {
    return R"({"type":"string","pattern":")" + pattern + R"("})";
  };
  CHECK(changes(with(like("a"), any), with(like("b"), any)).size() == 2);
}

TEST_CASE("what refuses nothing is said all the same") {
  auto count = [](const std::string& by_default) {
    return with(R"({"type":"object","properties":{"a":{"type":"integer",)"
                R"("default":)"
                  + by_default + "}}}",
                any);
  };
  CHECK(
    changes(count("20"), count("30"))
    == strings{"  strategy app::a:b: input: a: is 30 by default, and was 20",
               "  request confirm: answer: a: is 30 by default, and was 20"});
  CHECK(changes(with(any, less), with(any, one))
        == strings{"  strategy app::a:b: answer: b: may be there now",
                   "  event chat:message: b: may be there now",
                   "  request confirm: question: b: may be there now"});
  auto whole = with(any, any);
  CHECK(
    changes(whole, replaced(whole, R"("status":400)", R"("status":409)"))
    == strings{"  strategy app::a:b: fails with invalid_payload as 409 now, "
               "and did as 400"});
}

TEST_CASE("what is no contract is refused with a sentence") {
  for (auto text :
       {"", "{", "[]", "{}", R"({"contract":1})", R"({"contract":2})"}) {
    INFO(text);
    CHECK_THROWS_AS(contract_of(text), failure);
  }
  CHECK_THROWS_WITH(contract_of("[]"),
                    "this is no contract, which is what a program prints for "
                    "--contract: it must be an object");
  auto whole = with(any, any);
  CHECK_THROWS_AS(
    contract_of(replaced(whole, R"("contract":1)", R"("contract":2)")),
    failure);
  CHECK_THROWS_WITH(contract_of(replaced(whole, R"("events":["chat:message"])",
                                         R"("events":["none"])")),
                    "this: rooms/* has an event that is not there: none");
  CHECK_THROWS_WITH(contract_of(replaced(whole, R"("channels":["rooms/*"])",
                                         R"("channels":["none"])")),
                    "this: chat:message comes in a channel that is not there: "
                    "none");
  for (auto schema :
       {R"({"properties":[]})",
        R"({"anyOf":{}})",
        R"({"prefixItems":1})",
        R"({"required":{}})",
        R"({"required":[1]})",
        R"({"enum":"a"})",
        R"({"type":["string"]})",
        R"({"type":"text"})",
        R"({"type":""})",
        R"({"anyOf":[]})",
        R"({"oneOf":[]})",
        R"({"allOf":[]})",
        R"({"allOf":{}})",
        R"({"prefixItems":[]})",
        R"({"not":1})",
        R"({"discriminator":{}})",
        R"({"minimum":"1"})",
        R"({"multipleOf":0})",
        R"({"maxLength":-1})",
        R"({"minItems":1.5})",
        R"({"uniqueItems":1})",
        R"({"pattern":1})",
        R"({"description":{}})",
        R"({"required":["a"],"properties":{}})",
        "1",
        R"({"properties":{"a":{"items":{"oneOf":[{"$ref":1}]}}}})"}) {
    INFO(schema);
    CHECK_THROWS_AS(contract_of(with(schema, any)), failure);
    CHECK_THROWS_AS(contract_of(contract_text(
                      any, any, R"({"a":)" + std::string{schema} + "}")),
                    failure);
  }
}

TEST_CASE("a schema that nothing can fit is refused with where it is") {
  struct row {
    std::string a;
    std::string said;
  };
  const std::string circle
    = "is nothing but a reference that leads back to itself";
  const std::string variant
    = R"({"discriminator":{"propertyName":"type"},"oneOf":[)";
  const std::string tagged = R"({"properties":{"type":{"const":"a"}}})";
  const std::string untold
    = R"(a: "discriminator" is "type", which has no "const" of its own in each )"
      R"(of "oneOf")";
  for (auto& [a, said] :
       {row{R"({"enum":[]})", "a: \"enum\" is empty, so that nothing fits it"},
        row{R"({"items":{"enum":[]}})",
            "a: \"enum\" is empty, so that nothing fits it"},
        row{R"({"properties":{"x":{}},"required":["x","y"]})",
            R"(a: "required" has "y", which "properties" has not)"},
        row{R"({"type":"text"})",
            R"(a: "type" is not what a contract has there)"},
        row{R"({"discriminator":{"propertyName":"type"}})",
            R"(a: "discriminator" has no "oneOf" beside it)"},
        row{variant + R"({"$ref":"#/$defs/a"}]})", untold},
        row{variant + R"({"properties":{"type":{"const":1}}}]})", untold},
        row{variant + R"({"properties":{"kind":{"const":"a"}}}]})", untold},
        row{variant + tagged + "," + tagged + "]}", untold},
        row{R"({"properties":{"x":{"$ref":"#/$defs/none"}}})",
            R"(a: "$ref" is "#/$defs/none", which is nothing that $defs has)"},
        row{R"({"$ref":"b"})",
            R"(a: "$ref" is "b", which is nothing that $defs has)"},
        row{R"({"$ref":"#/$defs/a"})", "a " + circle},
        row{R"({"allOf":[{"$ref":"#/$defs/a"}]})", "a " + circle},
        row{R"({"allOf":[{"$ref":"#/$defs/none"}]})",
            R"(a: "$ref" is "#/$defs/none", which is nothing that $defs has)"},
        row{R"({"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"})", "a " + circle},
        row{R"({"anyOf":[{"$ref":"#/$defs/a"},{"type":"null"}]})",
            "a " + circle}}) {
    INFO(a);
    CHECK_THROWS_WITH(
      contract_of(contract_text(any, any, R"({"a":)" + a + "}")),
      "this: " + said);
  }
  CHECK_THROWS_WITH(contract_of(with(R"({"$ref":"#/$defs/none"})", any)),
                    R"(this: app::a:b: "$ref" is "#/$defs/none", which is )"
                    "nothing that $defs has");
  // Twice the same is no circle.
  CHECK_NOTHROW(contract_of(contract_text(
    any, any,
    R"({"a":{"anyOf":[{"$ref":"#/$defs/b"},{"$ref":"#/$defs/c"}]},)"
    R"("b":{"$ref":"#/$defs/c"},"c":{"type":"string"}})")));
}

TEST_CASE("a contract with more ways through it than time is read") {
  std::string all;
  for (int i = 0; i < 64; ++i) {
    const auto next = R"({"$ref":"#/$defs/a)" + std::to_string(i + 1) + "\"}";
    all += "\"a" + std::to_string(i) + R"(":{"anyOf":[)" + next + "," + next
           + "]},";
  }
  auto ending = [&](const std::string& type) {
    return contract_of(
      contract_text(R"({"$ref":"#/$defs/a0"})", any,
                    "{" + all + R"("a64":{"type":")" + type + R"("}})"));
  };
  auto number = ending("number"), null = ending("null");
  CHECK_FALSE(takes_null(number["strategies"]["app::a:b"]["input"], number));
  CHECK(takes_null(null["strategies"]["app::a:b"]["input"], null));
  CHECK(compare_contracts(number, number).empty());
  CHECK_FALSE(compare_contracts(number, null).empty());
}

TEST_CASE("what has many ways to it is compared once") {
  std::string all;
  for (int i = 0; i < 64; ++i) {
    const auto next = R"({"$ref":"#/$defs/a)" + std::to_string(i + 1) + "\"}";
    all += "\"a" + std::to_string(i)
           + R"(":{"type":"object","properties":{"a":)" + next + R"(,"b":)"
           + next + "}},";
  }
  auto ending = [&](const std::string& leaf) {
    return contract_text(R"({"$ref":"#/$defs/a62"})", any,
                         "{" + all + R"("a64":)" + leaf + "}");
  };
  auto from_top = [&](const std::string& leaf) {
    return replaced(ending(leaf), "a62", "a0");
  };
  CHECK(changes(from_top(number), from_top(number)).empty());
  CHECK(breaks(from_top(number), from_top(integer)));
  const auto at = std::string{"! strategy app::a:b: input: "};
  auto said = changes(ending(number), ending(integer));
  said.erase(std::remove_if(said.begin(), said.end(),
                            [&](auto& x) { return !x.starts_with(at); }),
             said.end());
  CHECK(said
        == strings{at + "a/a: is an integer now, not any number",
                   at + "a/b: differs as a/a does",
                   at + "b: differs as a does"});
}

TEST_CASE("the parameters of a path are in the input, or it is refused") {
  auto whole = with(one, any);
  auto at = [&](const std::string& path) {
    return replaced(whole, "POST /b/{a}", path);
  };
  CHECK_NOTHROW(contract_of(at("POST /{a}/{b}")));
  for (auto path :
       {"POST /{a", "POST /{a/b}", "POST /{a{b}}", "POST /b}", "POST /b/{a}c",
        "POST /b{a}", "POST /{}", "POST /{", "POST /}"})
    CHECK_THROWS_WITH(contract_of(at(path)),
                      "this: " + std::string{path}
                        + " has a { or } that is not around a whole segment");
  CHECK_THROWS_WITH(contract_of(at("POST /{a}/x/{a}")),
                    "this: POST /{a}/x/{a} has two parameters {a}");
  CHECK_THROWS_WITH(contract_of(at("POST /{a}/{c}")),
                    "this: POST /{a}/{c} has a parameter {c} that is not in "
                    "the input of app::a:b");
  CHECK_THROWS_WITH(contract_of(replaced(whole, R"("input":)" + one + ",", "")),
                    "this: POST /b/{a} has a parameter {a} that is not in the "
                    "input of app::a:b");
  // Whoever takes anything takes that.
  CHECK_NOTHROW(contract_of(with(any, any)));
}

TEST_CASE("a route is a method with a path, or it is refused") {
  for (std::string name :
       {"POST", "POST ", " /b", "POST b/{a}", "POST  /b", "/b", ""})
    CHECK_THROWS_WITH(
      contract_of(replaced(with(any, any), "POST /b/{a}", name)),
      "this: " + name + " is no method with a path");
  CHECK_NOTHROW(contract_of(replaced(with(any, any), "POST /b/{a}", "X /")));
}

TEST_CASE("a contract is read from a file") {
  temporary_directory here;
  CHECK_THROWS_WITH(content_of(here.path()),
                    here.path().string() + " is a directory: name a file");
  CHECK_THROWS_WITH(content_of(here.path() / "none"),
                    "cannot read " + (here.path() / "none").string());
}

TEST_CASE("a member that need not be written may be missing") {
  auto whole = replaced(with(any, any), R"("history":true)",
                        R"("history":false)");
  for (auto part :
       {R"("contract":1,)", R"("stream":false,)", R"("history":false,)"}) {
    INFO(part);
    auto less = replaced(whole, part, "");
    CHECK(changes(whole, less).empty());
    CHECK(changes(less, whole).empty());
  }
}

TEST_CASE("who called by plain HTTP goes on doing so") {
  auto was = with(one, number, R"(["guest","user"])");
  const std::string path = "POST /b/{a}";
  CHECK(changes(was, replaced(was, path, "PUT /b/{a}"))
        == strings{"! http POST /b/{a}: is gone", "  http PUT /b/{a}: is new"});
  // Files from before paths were in it have none.
  auto begin = was.find(R"("http":)"), end = was.find(R"("$defs")");
  auto without = was.substr(0, begin) + was.substr(end);
  CHECK(changes(without, was) == strings{"  http POST /b/{a}: is new"});
  CHECK(breaks(was, without));
  auto stricter = was;
  stricter.replace(stricter.rfind(R"(["guest","user"])"), 16, R"(["user"])");
  CHECK(changes(was, stricter)
        == strings{"! http POST /b/{a}: does not let in guest any more"});
}
