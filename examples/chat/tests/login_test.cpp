#include "login.hpp"

#include "configuration.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <flamigo/json/json.hpp>
#include <flamigo/jwt/jwt_verifier.hpp>

using Catch::Matchers::ContainsSubstring;
using strings = std::vector<std::string>;

namespace {

struct fixture {
  flamigo::http_response post(std::string body) const {
    flamigo::http_request request;
    request.method = "POST";
    request.path = "/login";
    request.body = std::move(body);
    return door(request);
  }

  /// Logs in, and returns whom the server then takes the client for.
  flamigo::user log_in(const std::string& name) const {
    auto answer = post(R"({"name":")" + name + R"("})");
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "application/json");
    auto session = flamigo::from_json<chat::session>(answer.body);
    REQUIRE(session);
    CHECK(session->expiresIn == 900);
    auto who = verifier.verify(session->token);
    REQUIRE(who);
    return *who;
  }

  flamigo::jwt_options tokens = chat::token_options();
  flamigo::jwt_verifier verifier{tokens};
  chat::login door{flamigo::jwt_issuer{tokens}, {"moderator", "Grace"}};
};

} // namespace

TEST_CASE("a name is all that a login takes") {
  fixture f;
  auto before = std::chrono::system_clock::now();
  auto who = f.log_in("Ada \u00e9");
  CHECK(who.id == "Ada \u00e9");
  CHECK(who.name == "Ada \u00e9");
  CHECK(who.permissions.empty());
  REQUIRE(who.expiry);
  // In whole seconds.
  CHECK(*who.expiry > before + chat::login::lifetime - std::chrono::seconds{1});
  CHECK(*who.expiry
        <= std::chrono::system_clock::now() + chat::login::lifetime);
}

TEST_CASE("moderators get a permission, by their exact names") {
  fixture f;
  for (auto name : {"moderator", "Grace"})
    CHECK(f.log_in(name).permissions == strings{"chat:moderate"});
  for (auto name : {"Moderator", "moderator ", "grace"})
    CHECK(f.log_in(name).permissions.empty());
}

TEST_CASE("a login that is refused says why") {
  fixture f;
  auto refused = [&](std::string body, const std::string& why) {
    INFO(body);
    auto answer = f.post(std::move(body));
    CHECK(answer.status == 400);
    CHECK(answer.content_type == "application/json");
    CHECK(flamigo::is_json(answer.body));
    // As all errors over HTTP.
    CHECK(answer.body.starts_with(R"({"message":)"));
    CHECK_THAT(answer.body, ContainsSubstring(why));
  };
  auto name_is = [](std::string_view what) {
    return R"("fieldErrors":[{"field":"name","error":")" + std::string{what}
           + "\"}]";
  };
  refused(R"({"name":""})", name_is("must not be empty"));
  refused(R"({"name":" \t"})", name_is("must not be empty"));
  refused(R"({"name":")" + std::string(65, 'x') + R"("})",
          name_is("must not be longer than 64 bytes"));
  refused(R"({"name":7})", name_is("must be a string"));
  refused("{}", name_is("is required"));
  refused("", R"("code":"malformed")");
  refused("name=Ada", R"("code":"malformed")");
  refused("{\"name\":\"\xff\"}", R"("code":"malformed")");
  CHECK(f.log_in(std::string(64, 'x')).id == std::string(64, 'x'));
}

TEST_CASE("the tokens of another run of the program are worthless") {
  fixture f;
  fixture other;
  CHECK(f.tokens.key.size() == 32);
  CHECK(f.tokens.key != other.tokens.key);
  auto session
    = flamigo::from_json<chat::session>(f.post(R"({"name":"Ada"})").body);
  REQUIRE(session);
  CHECK_FALSE(other.verifier.verify(session->token));
}

TEST_CASE("the moderators are an option") {
  char name[] = "chat", option[] = "--moderators=Ada,Bob";
  char* argv[] = {name, option, nullptr};
  chat::configuration config;
  CHECK(config.moderators == strings{"moderator"});
  REQUIRE_FALSE(config.load(2, argv));
  CHECK(config.moderators == strings{"Ada", "Bob"});
}

TEST_CASE("tokens whose key is in a file outlive the program") {
  auto path = std::filesystem::temp_directory_path()
              / ("chat-key-" + std::to_string(std::random_device{}()));
  std::ofstream{path} << std::string(32, 'k');
  auto tokens = chat::token_options(path.string());
  CHECK(tokens.key == std::string(32, 'k'));
  std::filesystem::remove(path);
  CHECK_THROWS_WITH(chat::token_options(path.string()),
                    ContainsSubstring("--token-secret-file: "));
}
