#include "flamigo/application/detail/strategy_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;

namespace {

const strategy_info now{.name = "app::time:now",
                        .guard = "",
                        .inputs = {"-"},
                        .outputs = {"int64"},
                        .home = "inline",
                        .defaults = {{"{}"}}};

} // namespace

TEST_CASE("strategies are listed in columns, each handler on its line") {
  strategy_info buy{.name = "app::shop:buy",
                    .guard = "is_websocket",
                    .inputs = {"order", "cart"},
                    .outputs = {"bill", "bill"},
                    .home = "hosted",
                    .defaults = {{"{}"}, {R"({"limit":20})"}}};
  strategy_info of{.name = "app::stock:of",
                   .guard = "",
                   .inputs = {"item"},
                   .outputs = {"int32"},
                   .home = "hosted",
                   .defaults = {{"{}"}},
                   .shards = 16};
  CHECK(detail::strategy_table({buy, of, now})
        == "STRATEGY       GUARD         INPUT              OUTPUT  RUNS\n"
           "app::shop:buy  is_websocket  order              bill    hosted\n"
           "app::shop:buy  is_websocket  cart {\"limit\":20}  bill    hosted\n"
           "app::stock:of  -             item               int32   hosted, 16 "
           "shards\n"
           "app::time:now  -             -                  int64   inline\n");
}

TEST_CASE("what wraps strategies is listed where there is such a thing") {
  strategy_info buy{.name = "app::shop:buy",
                    .guard = "",
                    .inputs = {"order"},
                    .outputs = {"bill"},
                    .home = "hosted",
                    .defaults = {{"{}"}},
                    .around = {"*", "app::shop:*"}};
  CHECK(detail::strategy_table({buy, now})
        == "STRATEGY       GUARD  INPUT  OUTPUT  RUNS    AROUND\n"
           "app::shop:buy  -      order  bill    hosted  *, app::shop:*\n"
           "app::time:now  -      -      int64   inline  -\n");
}
