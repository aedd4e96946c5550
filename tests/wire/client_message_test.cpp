#include "flamigo/wire/client_message.hpp"

#include <stdexcept>

#include <catch2/catch_test_macros.hpp>

using namespace flamigo;

TEST_CASE("a client message has a topic of the program's") {
  CHECK(make_client_message("chat:error", 1).topic == "chat:error");
  CHECK(make_client_message("", 1).topic.empty());
  CHECK(make_client_message("unsubscribes", 1).payload.text == "1");
  for (auto topic :
       {"error", "presence", "subscribed", "unsubscribed", "request:ended",
        "bus:gap", "close", "stream", "connect", "connect_error", "disconnect",
        "disconnecting", "newListener", "removeListener"}) {
    CHECK(is_own_topic(topic));
    CHECK_THROWS_AS(make_client_message(topic, 1), std::invalid_argument);
  }
  CHECK(own_topic_refused("error")
        == "a client message cannot have the topic \"error\", which is the "
           "framework's: choose another one, such as \"chat:error\"");
}
