#include "features.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "failure.hpp"
#include "support/failure_of.hpp"

using namespace flamigo::tool;
using Catch::Matchers::ContainsSubstring;
using flamigo::test::failure_of;

TEST_CASE("features are read as they are printed") {
  for (auto text : {"none", "websocket",
                    "websocket,socketio,auth,page,config,cluster,example"})
    CHECK(features::parse(text).text() == text);
  CHECK(features::parse(" config , websocket ").text() == "websocket,config");
  CHECK(features::parse("") == features::parse("none"));
}

TEST_CASE("features that cannot be are refused") {
  CHECK_THAT(failure_of<failure>([] { features::parse("websockets"); }),
             ContainsSubstring("there is no feature \"websockets\""));
  CHECK_THAT(failure_of<failure>([] { features::parse("auth,config"); }),
             ContainsSubstring("choose websocket,auth"));
  CHECK_THAT(failure_of<failure>([] { features::parse("socketio"); }),
             ContainsSubstring("choose websocket,socketio"));
  CHECK_THAT(failure_of<failure>([] { features::parse("page"); }),
             ContainsSubstring("choose websocket,page"));
}
