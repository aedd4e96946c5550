#include "flamigo/contract/contract.hpp"

#include <stdexcept>
#include <string>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace shop {

struct order {
  std::string item;
  int count = 1;
};

BOOST_DESCRIBE_STRUCT(order, (), (item, count))

struct receipt {
  std::string number;
};

BOOST_DESCRIBE_STRUCT(receipt, (), (number))

struct sold {
  std::string item;
};

BOOST_DESCRIBE_STRUCT(sold, (), (item))

} // namespace shop

namespace {

using shop::order;
using shop::receipt;
using shop::sold;

/// A contract that was read, by JSON pointers (RFC 6901).
struct contract {
  explicit contract(const testing::app& app) : text(app.contract_text()) {
    json.Parse(text.c_str());
    REQUIRE_FALSE(json.HasParseError());
  }

  std::string at(const std::string& path) const {
    auto found = rapidjson::Pointer{path.c_str()}.Get(json);
    if (found == nullptr)
      return "nothing";
    if (found->IsString())
      return found->GetString();
    if (found->IsBool())
      return found->GetBool() ? "true" : "false";
    return found->IsObject()
             ? "an object"
             : std::to_string(found->IsArray() ? found->Size() : 0);
  }

  std::string text;
  rapidjson::Document json;
};

domain_behavior desk(domain_actor<>*) {
  return {on("app::desk:open", [] { return 1; })};
}

} // namespace

TEST_CASE("a contract tells what strategies take and give") {
  testing::app app;
  app.strategies().add("app::shop:buy", {has_permission("buy"), limit(3, 1s)},
                       [](const order&) { return receipt{"1"}; });
  app.strategies().add("app::shop:look", open_to_guests(), [] {});
  app.strategies().add(
    "app::shop:pick", [](const order&) {},
    [](const sold&) { return receipt{"1"}; });
  app.strategies().add("app::shop:sweep", internal(), [] {});
  app.strategies().add("app::shop:report", is_server(), [] {});
  app.host(desk);
  app.contract().error("app::shop:buy", {409, "sold_out", "Come back later."});
  app.authenticate();
  contract c{app};
  // Tests have no HTTP.
  CHECK(c.at("/http") == "nothing");
  const std::string all = "/strategies/app::shop:";
  CHECK(c.at(all + "buy/input/$ref") == "#/$defs/shop.order.input");
  CHECK(c.at(all + "buy/output/$ref") == "#/$defs/shop.receipt");
  CHECK(c.at("/$defs/shop.order.input/properties/count/default") == "0");
  CHECK(c.at(all + "buy/access/0") == "user:buy");
  CHECK(c.at(all + "buy/limits/0") == "limit(3, 1s)");
  CHECK(c.at(all + "buy/home") == "inline");
  CHECK(c.at(all + "buy/stream") == "false");
  CHECK(c.at(all + "buy/errors") == "5");
  CHECK(c.at(all + "buy/errors/4/code") == "sold_out");
  CHECK(c.at(all + "buy/errors/4/description") == "Come back later.");
  CHECK(c.at(all + "look/access/0") == "guest");
  CHECK(c.at(all + "look/input") == "nothing");
  CHECK(c.at(all + "look/output/type") == "null");
  // Nobody is turned away, and nothing is read.
  CHECK(c.at(all + "look/errors") == "0");
  // Of several handlers one takes it.
  CHECK(c.at(all + "pick/input/anyOf/1/$ref") == "#/$defs/shop.sold");
  CHECK(c.at(all + "pick/output/anyOf/1/type") == "null");
  CHECK(c.at("/strategies/app::desk:open/home") == "hosted");
  // What nobody outside can call is nobody's business.
  CHECK(c.at(all + "sweep") == "nothing");
  CHECK(c.at(all + "report") == "nothing");
  CHECK(c.at("/authenticates") == "true");
  // Nothing in it depends on when it was asked for.
  CHECK(c.text == app.contract_text());
}

TEST_CASE("a contract tells of channels, events and requests") {
  testing::app app;
  app.strategies().add("app::shop:enter", internal(),
                       [](const order&) { return receipt{"1"}; });
  app.channel(
    "sales/*", is_authenticated(),
    {.history = history_limits{},
     .join = "app::shop:enter",
     .presence = presence_of([](const claims&) { return sold{"me"}; })});
  app.channel("free/*");
  app.contract()
    .event<sold>("shop:sold", "sales/*")
    .event<sold>("shop:sold", "free/*")
    .event<sold>("shop:sold", "free/*")
    .event<order>("shop:hint")
    .request<sold, bool>("shop:confirm");
  contract c{app};
  CHECK(c.at("/channels/sales~1*/history") == "true");
  CHECK(c.at("/channels/sales~1*/presence/$ref") == "#/$defs/shop.sold");
  CHECK(c.at("/channels/free~1*/presence") == "nothing");
  CHECK(c.at("/channels/sales~1*/input/$ref") == "#/$defs/shop.order.input");
  CHECK(c.at("/channels/sales~1*/result/$ref") == "#/$defs/shop.receipt");
  CHECK(c.at("/channels/sales~1*/events/0") == "shop:sold");
  CHECK(c.at("/channels/free~1*/events") == "1");
  CHECK(c.at("/channels/free~1*/history") == "false");
  CHECK(c.at("/channels/free~1*/input") == "nothing");
  CHECK(c.at("/events/shop:sold/payload/$ref") == "#/$defs/shop.sold");
  CHECK(c.at("/events/shop:sold/channels") == "2");
  CHECK(c.at("/events/shop:hint/channels") == "0");
  CHECK(c.at("/requests/shop:confirm/question/$ref") == "#/$defs/shop.sold");
  CHECK(c.at("/requests/shop:confirm/answer/type") == "boolean");
}

TEST_CASE("a contract is not made of what is not there") {
  testing::app app;
  app.contract().error("app::none:none", {404, "none"});
  CHECK_THROWS_AS(app.contract_text(), std::logic_error);
  testing::app other;
  other.contract().event<sold>("shop:sold", "nowhere/*");
  CHECK_THROWS_AS(other.contract_text(), std::logic_error);
  contract_notes notes;
  notes.event<sold>("a").request<sold, bool>("a");
  CHECK_THROWS_AS(notes.event<order>("a"), std::invalid_argument);
  CHECK_THROWS_AS((notes.request<sold, int>("a")), std::invalid_argument);
  CHECK_THROWS_AS(notes.error("a", {200, "fine"}), std::invalid_argument);
  CHECK_THROWS_AS(notes.error("a", {404, ""}), std::invalid_argument);
}
