#include "flamigo/application/detail/strategy_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;

TEST_CASE("strategies are listed in columns, each handler on its line") {
  CHECK(detail::strategy_table({
          {"app::shop:buy",
           "is_websocket",
           {"order", "cart"},
           {"bill", "bill"},
           "hosted",
           {{"{}"}, {R"({"limit":20})"}}},
          {"app::stock:of",
           "",
           {"item"},
           {"int32"},
           "hosted",
           {{"{}"}},
           {},
           false,
           16},
          {"app::time:now", "", {"-"}, {"int64"}, "inline", {{"{}"}}},
        })
        == "STRATEGY       GUARD         INPUT              OUTPUT  RUNS\n"
           "app::shop:buy  is_websocket  order              bill    hosted\n"
           "app::shop:buy  is_websocket  cart {\"limit\":20}  bill    hosted\n"
           "app::stock:of  -             item               int32   hosted, 16 "
           "shards\n"
           "app::time:now  -             -                  int64   inline\n");
}

TEST_CASE("what wraps strategies is listed where there is such a thing") {
  CHECK(detail::strategy_table({
          {"app::shop:buy",
           "",
           {"order"},
           {"bill"},
           "hosted",
           {{"{}"}},
           {"*", "app::shop:*"}},
          {"app::time:now", "", {"-"}, {"int64"}, "inline", {{"{}"}}},
        })
        == "STRATEGY       GUARD  INPUT  OUTPUT  RUNS    AROUND\n"
           "app::shop:buy  -      order  bill    hosted  *, app::shop:*\n"
           "app::time:now  -      -      int64   inline  -\n");
}
