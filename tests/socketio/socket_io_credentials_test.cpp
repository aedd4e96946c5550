// What a client of Socket.IO may show to be known by.
#include <catch2/catch_test_macros.hpp>

#include "support/socket_io_fixture.hpp"

using namespace flamigo;
using test::strings;

namespace {

struct fixture : test::socket_io_fixture {
  fixture() {
    strategies.add("app::t:who", [](const user& who) { return who.id; });
    authenticate();
    env.auth->options.cookie = "token";
    serve();
  }

  /// Who somebody is that shows this.
  std::string who(const std::string& headers, const std::string& auth = {}) {
    test::socket_io_page page{*this};
    page.headers = headers;
    page.come(auth);
    page.heard();
    page.say(R"(421["app::t:who"])");
    auto heard = page.heard();
    REQUIRE(heard.size() == 1);
    return heard.front();
  }
};

std::string is(const std::string& id) {
  return R"(431[{"payload":")" + id + "\"}]";
}

} // namespace

TEST_CASE("a client of Socket.IO shows a token in one of three places") {
  fixture f;
  CHECK(f.who("Cookie: token=ada\r\n") == is("ada"));
  CHECK(f.who("Cookie: token=ada\r\nAuthorization: Bearer bob\r\n")
        == is("bob"));
  CHECK(f.who("Cookie: token=ada\r\n", R"("token":"eve",)") == is("eve"));
  CHECK(f.who("Cookie: other=ada\r\n").find(R"("status":401)")
        != std::string::npos);
}
