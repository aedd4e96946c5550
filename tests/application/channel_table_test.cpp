#include "flamigo/application/detail/channel_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;

TEST_CASE("channels are listed in columns") {
  CHECK(
    detail::channel_table({
      {"rooms/*", "is_authenticated", true, "10 events, 99 bytes, 60s",
       "app::join", true},
      {"news", "", false, "", "", false},
    })
    == "CHANNEL  GUARD             CHECK  HISTORY                   JOIN       "
       "PRESENCE\n"
       "rooms/*  is_authenticated  yes    10 events, 99 bytes, 60s  app::join  "
       "yes\n"
       "news     -                 -      -                         -          "
       "-\n");
}
