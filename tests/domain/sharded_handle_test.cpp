#include "flamigo/domain/sharded_handle.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <catch2/catch_test_macros.hpp>

#include <caf/send.hpp>

#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/domain/domain_events.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/detail/shard_hash.hpp"
#include "flamigo/testing/app.hpp"
#include "support/failure_of.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct order {
  int number;
  std::string customer;
};
BOOST_DESCRIBE_STRUCT(order, (), (number, customer))

struct whose {
  std::string customer;
};
BOOST_DESCRIBE_STRUCT(whose, (), (customer))

/// The key is a member of a base.
struct refund : whose {
  int number;
};
BOOST_DESCRIBE_STRUCT(refund, (whose), (number))

struct page {
  std::string customer = "nobody";
};
BOOST_DESCRIBE_STRUCT(page, (), (customer))

struct numbered {
  int customer;
};
BOOST_DESCRIBE_STRUCT(numbered, (), (customer))

/// Besides what the framework has registered.
std::vector<strategy_info> hosted(testing::app& app) {
  auto result = app.strategies().list();
  std::erase_if(result, [](auto& x) { return x.home != "hosted"; });
  return result;
}

using numbers = std::vector<int>;

struct orders_state {
  std::map<std::string, numbers> all;
};

domain_behavior orders(domain_actor<orders_state>* self) {
  return {
    on("app::orders:place",
       [=](const order& in) {
         self->state.all[in.customer].push_back(in.number);
         return self->shard().index;
       }),
    on("app::orders:of",
       [=](const whose& in) { return self->state.all[in.customer]; }),
    on("app::orders:refund",
       [=](const refund& in) {
         return std::erase(self->state.all[in.customer], in.number);
       }),
    on("app::orders:fall", internal(),
       [=](const whose&) { self->quit(caf::sec::runtime_error); }),
    [=](caf::get_atom) { return self->state.all.size(); },
  };
}

struct shop {
  explicit shop(hosting_options options = {}) {
    handle = app.host_sharded(options, 4, by(&order::customer), orders);
  }

  testing::app app;
  sharded_handle<std::string> handle;
};

template <class F>
domain_behavior takes(domain_actor<>*, F handler) {
  return {on("app::orders:other", handler)};
}

template <class F>
std::string refusal(F handler) {
  testing::app app;
  auto text = test::failure_of<std::invalid_argument>(
    [&] { app.host_sharded(2, by(&order::customer), takes<F>, handler); });
  CHECK(hosted(app).empty());
  return text;
}

} // namespace

TEST_CASE("each key has its shard, with a state of its own") {
  shop f;
  auto ada = f.app.connect();
  std::set<std::size_t> used;
  for (int i = 0; i < 40; ++i) {
    order what{i, "customer " + std::to_string(i % 20)};
    auto where = ada.call<std::size_t>("app::orders:place", what);
    used.insert(where);
    CHECK(f.handle.of(what.customer).name()
          == "app::orders/" + std::to_string(where));
  }
  CHECK(used.size() == 4);
  // By whatever input, from whomever.
  for (int i = 0; i < 20; ++i) {
    whose key{"customer " + std::to_string(i)};
    CHECK(ada.call<numbers>("app::orders:of", key) == numbers{i, i + 20});
    CHECK(*f.app.backend().call<numbers>("app::orders:of", key)
          == numbers{i, i + 20});
    CHECK(ada.call<int>("app::orders:refund", refund{key, i}) == 1);
  }
}

TEST_CASE("the key is found however it is written") {
  shop f;
  auto ada = f.app.connect();
  ada.call<std::size_t>("app::orders:place", order{7, "Zoë"});
  for (auto text : {R"({"x":{"customer":"no"},"customer":"Zoë"})",
                    R"({"c\u0075stomer":"Zo\u00eb","more":[1,2]})"}) {
    raw_json payload{text};
    CHECK(ada.call<numbers>("app::orders:of", payload) == numbers{7});
    CHECK(*f.app.backend().call<numbers>("app::orders:of", payload)
          == numbers{7});
  }
}

TEST_CASE("a payload without the key is told what is wrong with it") {
  shop f;
  auto ada = f.app.connect();
  for (auto text : {"{}", R"({"customer":5})", "[]", "null",
                    R"({"customer":"a","customer":"b"})"}) {
    auto ref = ada.send("app::orders:of", raw_json{text});
    CHECK(ada.expect_error(ref, 400).code == "invalid_payload");
  }
  CHECK_FALSE(f.app.backend().call<numbers>("app::orders:of", raw_json{"{"}));
}

TEST_CASE("requests with one key keep their order") {
  shop f;
  auto ada = f.app.connect();
  numbers expected;
  for (int i = 0; i < 100; ++i) {
    ada.send("app::orders:place", order{i, "Ada"});
    ada.send("app::orders:place", order{-i, "Bob " + std::to_string(i)});
    expected.push_back(i);
  }
  CHECK(ada.call<numbers>("app::orders:of", whose{"Ada"}) == expected);
}

TEST_CASE("a shard falls, is restarted and is told of alone") {
  shop f;
  auto ada = f.app.connect();
  std::string other;
  for (int i = 0; other.empty(); ++i)
    if (auto name = std::to_string(i);
        f.handle.of(name).name() != f.handle.of("Ada").name())
      other = name;
  ada.call<std::size_t>("app::orders:place", order{1, "Ada"});
  ada.call<std::size_t>("app::orders:place", order{2, other});
  CHECK(f.app.backend().call("app::orders:fall", whose{"Ada"}));
  CHECK(f.app.events().expect<domain_down>().domain
        == f.handle.of("Ada").name());
  CHECK(f.app.events().expect<domain_restarted>().domain
        == f.handle.of("Ada").name());
  CHECK(f.app.domains().restarts() == 1);
  CHECK(ada.call<numbers>("app::orders:of", whose{"Ada"}).empty());
  CHECK(ada.call<numbers>("app::orders:of", whose{other}) == numbers{2});
}

TEST_CASE("a shard that is down is the only one") {
  shop f{{.restart = false}};
  auto ada = f.app.connect();
  CHECK(f.handle.ok());
  CHECK(f.app.backend().call("app::orders:fall", whose{"Ada"}));
  CHECK_FALSE(f.handle.ok());
  CHECK(f.app.domains().down() == std::vector{f.handle.of("Ada").name()});
  ada.expect_error(ada.send("app::orders:of", whose{"Ada"}), 503);
  auto answered = 0;
  for (auto& shard : f.handle)
    answered += shard.ok();
  CHECK(answered == 3);
}

TEST_CASE("each shard has a queue of its own") {
  shop f{{.max_queued = 1}};
  // Nothing runs until all are asked.
  auto ada = f.app.connect();
  std::string other;
  for (int i = 0; other.empty(); ++i)
    if (auto name = std::to_string(i);
        f.handle.of(name).name() != f.handle.of("Ada").name())
      other = name;
  auto say = [&](int id, const std::string& whom) {
    ada.say(R"({"topic":"app::orders:of","payload":{"customer":")" + whom
            + R"("},"ackId":")" + std::to_string(id) + R"("})");
  };
  say(1, "Ada");
  say(2, "Ada");
  say(3, other);
  f.app.run();
  auto heard = ada.heard();
  REQUIRE(heard.size() == 3);
  auto refused = std::count_if(heard.begin(), heard.end(), [](auto& text) {
    return text.find(R"("status":503)") != std::string::npos
           && text.find(R"("ackId":"2")") != std::string::npos;
  });
  CHECK(refused == 1);
}

TEST_CASE("shards are found by their names, and listed once") {
  shop f;
  CHECK(f.handle.name() == "app::orders");
  CHECK(f.handle.size() == 4);
  CHECK(f.handle[3].name() == "app::orders/3");
  CHECK(f.app.find("orders/3")->actor() == f.handle[3].actor());
  CHECK_FALSE(f.app.find("orders/4"));
  auto whole = f.app.find("orders");
  REQUIRE_FALSE(whole);
  CHECK(trace_of(whole.error()).find("app::orders/0 to app::orders/3")
        != std::string::npos);
  auto list = hosted(f.app);
  REQUIRE(list.size() == 4);
  CHECK(list.front().home == "hosted");
  CHECK(list.front().shards == 4);
}

TEST_CASE("shards have the name that their domain was given") {
  testing::app app;
  auto handle = app.host_sharded({.name = "tills"}, 1, by(&order::customer),
                                 orders);
  CHECK(handle.name() == "tills");
  CHECK(app.find("tills/0"));
  CHECK_THROWS_AS(
    app.host({.name = "tills"},
             [](domain_actor<>*) -> domain_behavior { return {}; }),
    std::invalid_argument);
}

TEST_CASE("an input without the key is refused when the domain is hosted") {
  auto text = refusal([](int) {});
  CHECK(text.find("app::orders:other") != std::string::npos);
  CHECK(text.find("\"customer\"") != std::string::npos);
  CHECK_FALSE(refusal([] {}).empty());
  CHECK_FALSE(refusal([](const page&) {}).empty());
  CHECK_FALSE(refusal([](const numbered&) {}).empty());
  CHECK_FALSE(refusal([](const raw_json&) {}).empty());
}

TEST_CASE("there is one shard at least") {
  testing::app app;
  CHECK_THROWS_AS(app.host_sharded(0, by(&order::customer), orders),
                  std::invalid_argument);
}

TEST_CASE("shards that cannot be made leave nothing behind") {
  testing::app app;
  auto made = 0;
  auto half = [&](domain_actor<>* self) -> domain_behavior {
    if (self->shard().index == 2)
      throw std::runtime_error{"no disk"};
    ++made;
    return {on("app::orders:of", [](const whose&) {})};
  };
  CHECK_THROWS_AS(app.host_sharded(3, by(&order::customer), half),
                  std::runtime_error);
  CHECK(made == 2);
  CHECK(hosted(app).empty());
  app.host_sharded(3, by(&order::customer), orders);
}

TEST_CASE("shards that differ in their strategies are refused") {
  testing::app app;
  auto odd = [](domain_actor<>* self) -> domain_behavior {
    if (self->shard().index == 1)
      return {};
    return {on("app::orders:of", [](const whose&) {})};
  };
  CHECK_THROWS_AS(app.host_sharded(2, by(&order::customer), odd),
                  std::invalid_argument);
}

TEST_CASE("a key has the same shard in every run") {
  // What was kept shard by shard is found again.
  CHECK(detail::shard_hash("") % 16 == 11);
  CHECK(detail::shard_hash("Ada") % 16 == 4);
  CHECK(detail::shard_hash(0) % 16 == 0);
  CHECK(detail::shard_hash(1) % 16 == 5);
  CHECK(detail::shard_hash(std::uint8_t{200}) == detail::shard_hash(200));
}
