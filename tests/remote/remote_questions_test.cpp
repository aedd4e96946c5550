#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "support/quiet_log.hpp"
#include "support/remote_fixture.hpp"

using namespace flamigo;
using test::remote_fixture;
using test::strings;

namespace {

const std::string question
  = R"({"topic":"q","payload":{"id":7},"requestId":"3"})";

} // namespace

TEST_CASE("a question is answered once") {
  remote_fixture x;
  x.begin();
  detail::remote_answer_function later;
  x.session->questions().on("q", [&](const std::string& payload, auto reply) {
    CHECK(payload == R"({"id":7})");
    later = std::move(reply);
  });
  x.say(question);
  CHECK(x.sent().empty());
  SECTION("with a value") {
    later(std::string{"true"});
    CHECK(x.said() == R"({"requestId":"3","payload":true})");
    later(std::string{"false"});
    CHECK(x.sent().empty());
  }
  SECTION("with an error") {
    later(public_error("no", 409, "declined"));
    CHECK(x.said()
          == R"({"requestId":"3","error":{"message":"no","status":409,)"
             R"("code":"declined"}})");
  }
  SECTION("not when it has ended") {
    x.say(R"({"topic":"request:ended","payload":{"requestId":"3"}})");
    later(std::string{"true"});
    CHECK(x.sent().empty());
  }
  SECTION("not on another connection, which counts anew") {
    x.lose();
    x.pass(std::chrono::seconds{1});
    x.take();
    auto old = std::exchange(later, nullptr);
    x.say(question);
    old(std::string{"true"});
    CHECK(x.sent().empty());
    later(std::string{"false"});
    CHECK(x.said() == R"({"requestId":"3","payload":false})");
  }
}

TEST_CASE("what nobody answers is refused") {
  remote_fixture x;
  x.begin();
  x.say(question);
  CHECK(x.said()
        == R"({"requestId":"3","error":{"message":"nothing answers \"q\" here")"
           R"(,"status":404,"code":"unknown_strategy"}})");
}

TEST_CASE("what throws answers with no more than that") {
  test::quiet_log silence;
  remote_fixture x;
  x.begin();
  x.session->questions().on("q", [](auto&, auto&&) {
    throw std::runtime_error{"secret"};
  });
  x.say(question);
  CHECK(x.said()
        == R"({"requestId":"3","error":{"message":"internal error",)"
           R"("status":500,"code":"internal"}})");
}

TEST_CASE("a question is answered whether or not the server knows us") {
  remote_options options;
  options.token = [] { return remote_token{"t"}; };
  remote_fixture x{options};
  x.session->open();
  x.take();
  x.sent();
  x.say(question);
  CHECK(x.sent().size() == 1);
}

TEST_CASE("more questions than any server of ours asks are refused") {
  remote_fixture x;
  x.begin();
  std::vector<detail::remote_answer_function> open;
  x.session->questions().on("q", [&](auto&, auto reply) {
    open.push_back(std::move(reply));
  });
  constexpr auto most = detail::remote_questions::max_open;
  for (std::size_t i = 0; i < most; ++i)
    x.say(R"({"topic":"q","requestId":")" + std::to_string(i) + R"("})");
  CHECK(open.size() == most);
  CHECK(x.sent().empty());
  x.say(R"({"topic":"q","requestId":"more"})");
  CHECK(test::contains(x.said(), R"("code":"too_many_requests")"));
}
