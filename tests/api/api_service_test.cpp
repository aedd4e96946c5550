#include "flamigo/api/detail/api_service.hpp"

#include <fstream>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/api/detail/openapi_document.hpp"
#include "flamigo/api/published_message.hpp"
#include "flamigo/channel/detail/history_stage.hpp"
#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/presence/presence_engine.hpp"
#include "support/socket_fixture.hpp"
#include "support/temporary_directory.hpp"
#include "support/wire.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::contains;

namespace {

constexpr std::string_view news
  = R"({"topic":"rooms/1","message":{"topic":"news","payload":{"n":1}}})";

struct fixture : test::socket_fixture {
  fixture() {
    channels.add("rooms/*", {},
                 {.history = history_limits{}, .presence = presence_options{}});
    channels.add("plain/*");
    bus.pass_by(stage);
    strategies.add("app::t:echo", internal(),
                   [](const raw_json& in) { return in; });
    strategies.add("app::t:who",
                   [](context& ctx) { return ctx.claims().type; });
    strategies.add("app::t:id", [](context& ctx) {
      return "id:" + ctx.claims().connection_id;
    });
    strategies.add("app::t:fail",
                   [] { return public_error("sold out", 409, "sold_out"); });
    strategies.add("app::t:many", [](context) -> stream<int> { co_yield 1; });
    adopt(host(services, {}, [this](domain_actor<>* self) -> domain_behavior {
      self->subscribe("rooms");
      return {listen([this](const published_message& what) {
        heard.push_back(what.under + " " + what.message.topic + " "
                        + what.message.payload.text);
      })};
    }));
    settle();
    std::ofstream{where.path() / "keys"} << key_line();
    auto store
      = std::make_shared<detail::key_store>((where.path() / "keys").string());
    REQUIRE_FALSE(store->load());
    detail::api_service::mount(
      core.routes, {watch, channels, &history, services.domains}, store);
    accept(peer);
  }

  ~fixture() {
    loop.for_each([](detail::resident& what) { what.cut(); });
    requests.end();
    end();
    settle();
  }

  static std::string key_line() {
    // Of "one" and of "two".
    return "all publish,disconnect,presence,history,info,call "
           "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed\n"
           "few info "
           "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3\n";
  }

  std::string ask(const std::string& line, std::string_view body = {},
                  const std::string& key = "one") {
    peer.send_bytes(
      line + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key
      + "\r\nContent-Type: application/json\r\nContent-Length: "
      + std::to_string(body.size()) + "\r\n\r\n" + std::string{body});
    settle();
    return peer.received();
  }

  /// Status and body.
  std::string post(const std::string& path, std::string_view body) {
    return brief(ask("POST /api/v1/" + path, body));
  }

  std::string get(const std::string& path) {
    return brief(ask("GET /api/v1/" + path));
  }

  static std::string brief(const std::string& got) {
    return got.substr(9, 4) + got.substr(got.find("\r\n\r\n") + 4);
  }

  test::temporary_directory where;
  channel_registry channels;
  memory_history history{system};
  detail::history_stage stage{channels, history};
  std::vector<std::string> heard;
  test::socket_pair peer;
};

} // namespace

TEST_CASE("events are published from outside") {
  fixture f;
  CHECK(f.post("publish", news) == R"(200 {"duplicate":false})");
  CHECK(f.heard == std::vector<std::string>{R"(rooms/1 news {"n":1})"});
  for (auto& [body, field] :
       {std::pair{R"({"message":{"topic":"a","payload":1}})", "topic"},
        {R"({"topic":"a/*","message":{"topic":"a","payload":1}})", "topic"},
        {R"({"topic":"presence/a","message":{"topic":"a","payload":1}})",
         "topic"},
        {R"({"topic":"a","message":{"topic":"error","payload":1}})",
         "message.topic"},
        {R"({"topic":"a","message":{"topic":"","payload":1}})",
         "message.topic"},
        {R"({"topic":"a","message":{"topic":"a"}})", "message.payload"},
        {R"({"topic":"a","message":{"topic":"a","payload":1},)"
         R"("idempotencyKey":""})",
         "idempotencyKey"}}) {
    auto got = f.post("publish", body);
    INFO(got);
    CHECK(got.starts_with("400 "));
    CHECK(contains(got, R"("field":")" + std::string{field} + "\""));
  }
  CHECK(f.post("publish", "{").starts_with("400 "));
  CHECK(f.heard.size() == 1);
}

TEST_CASE("what is published twice with one key comes once") {
  fixture f;
  auto with = [](std::string body, const std::string& key) {
    body.insert(1, R"("idempotencyKey":")" + key + "\",");
    return body;
  };
  auto first = with(std::string{news}, "k");
  CHECK(f.post("publish", first) == R"(200 {"duplicate":false})");
  CHECK(f.post("publish", first) == R"(200 {"duplicate":true})");
  auto other = first;
  other.replace(other.find("news"), 4, "gnus");
  CHECK(f.post("publish", other).starts_with("409 "));
  CHECK(f.heard.size() == 1);
  f.advance(detail::idempotency_memory::span);
  f.settle();
  CHECK(f.post("publish", first) == R"(200 {"duplicate":false})");
  CHECK(f.heard.size() == 2);
}

TEST_CASE("of several events the good ones are published") {
  fixture f;
  auto body = R"({"events":[)" + std::string{news} + R"(,{"topic":"a"},)"
              + std::string{news} + "]}";
  auto got = f.post("publish/batch", body);
  CHECK(got.starts_with(
    R"(200 {"results":[{"duplicate":false},{"error":{"message":)"));
  CHECK(contains(got, R"("code":"invalid_payload")"));
  CHECK(got.ends_with(R"(}},{"duplicate":false}]})"));
  CHECK(f.heard.size() == 2);
  std::string many = R"({"events":[0)";
  for (int i = 0; i < 1'000; ++i)
    many += ",0";
  CHECK(f.post("publish/batch", many + "]}").starts_with("400 "));
}

TEST_CASE("a channel's history is asked for") {
  fixture f;
  f.post("publish", news);
  auto stands = f.get("history?topic=rooms/1");
  CHECK(stands.starts_with(R"(200 {"epoch":")"));
  CHECK(stands.ends_with(R"(","offset":1,"events":[],"more":false})"));
  auto begin = stands.find(":\"") + 2;
  auto epoch = stands.substr(begin, stands.find('"', begin) - begin);
  f.post("publish", news);
  CHECK(f.get("history?topic=rooms%2F1&offset=1&epoch=" + epoch)
        == R"(200 {"epoch":")" + epoch
             + R"(","offset":2,"recovered":true,"events":[{"topic":"news",)"
               R"("payload":{"n":1},"offsets":{"rooms/1":2}}],"more":false})");
  CHECK(contains(f.get("history?topic=rooms/1&offset=9&epoch=" + epoch),
                 R"("recovered":false,"events":[])"));
  for (auto query :
       {"", "?topic=", "?topic=rooms/1&offset=1",
        "?topic=rooms/1&offset=x&epoch=1", "?topic=rooms/1&offset=1&epoch=x"})
    CHECK(f.get("history" + std::string{query}).starts_with("400 "));
  for (auto topic : {"plain/1", "rooms", "nothing"}) {
    auto got = f.get("history?topic=" + std::string{topic});
    CHECK(got.starts_with("404 "));
    CHECK(contains(got, "unknown_channel"));
  }
}

TEST_CASE("it is asked who is in a channel, and how the server is") {
  fixture f;
  f.presence.set("rooms/1", {"c1", "u:7", R"({"name":"Ada"})"}, {}, 1'000);
  f.settle();
  CHECK(f.get("presence?topic=rooms/1")
        == R"(200 {"presence":[{"key":"u:7","state":{"name":"Ada"}}]})");
  CHECK(f.get("presence?topic=plain/1").starts_with("404 "));
  CHECK(f.get("presence").starts_with("400 "));
  CHECK(f.get("info")
        == R"(200 {"connections":0,"connectionsEver":0,"domainsOk":true})");
}

TEST_CASE("strategies are called as the program") {
  fixture f;
  CHECK(f.post("call", R"({"topic":"app::t:echo","payload":[1]})")
        == R"(200 {"topic":"app::t:echo","payload":[1]})");
  CHECK(f.post("call", R"({"topic":"app::t:who"})")
        == R"(200 {"topic":"app::t:who","payload":"backend"})");
  CHECK(contains(f.post("call", R"({"topic":"app::t:fail"})"),
                 R"("status":409,"code":"sold_out")"));
  auto nothing = f.post("call", R"({"topic":"app::t:none"})");
  CHECK(nothing.starts_with("404 "));
  CHECK(contains(nothing, "unknown_strategy"));
  CHECK(f.post("call", R"({"topic":"app::t:many"})").starts_with("400 "));
}

TEST_CASE("connections are ended from outside") {
  fixture f;
  test::socket_pair client;
  f.connect(client);
  std::string id;
  client.send_text(R"({"topic":"app::t:id","ackId":"1"})");
  f.settle();
  auto said = client.received();
  auto at = said.find("id:") + 3;
  id = said.substr(at, said.find('"', at) - at);
  CHECK(f.post("disconnect", R"({"connection":"nobody"})") == "200 {}");
  CHECK(client.received().empty());
  CHECK(f.post("disconnect", R"({"connection":")" + id + "\"}") == "200 {}");
  CHECK(contains(client.received(), "\x0d\xaf"));
  for (auto body : {"{}", R"({"user":"a","connection":"b"})"})
    CHECK(f.post("disconnect", body).starts_with("400 "));
}

TEST_CASE("only who has a key for it") {
  fixture f;
  auto ask = [&](const std::string& key) {
    return f.ask("POST /api/v1/publish", news, key);
  };
  auto stranger = ask("three");
  CHECK(stranger.starts_with("HTTP/1.1 401 "));
  CHECK(contains(stranger, "WWW-Authenticate: Bearer\r\n"));
  CHECK(contains(stranger, R"("code":"unauthorized")"));
  auto other = ask("two");
  CHECK(other.starts_with("HTTP/1.1 403 "));
  CHECK(contains(other, R"("code":"forbidden")"));
  CHECK(f.heard.empty());
  CHECK(f.ask("GET /api/v1/info", {}, "two").starts_with("HTTP/1.1 200 "));
  CHECK(f.ask("GET /api/v1/publish").starts_with("HTTP/1.1 405 "));
  CHECK(f.ask("GET /api/v1/nothing").starts_with("HTTP/1.1 404 "));
  f.peer.send_bytes("POST /api/v1/publish HTTP/1.1\r\nHost: x\r\n"
                    "Content-Length: 2\r\n\r\n{}");
  f.settle();
  CHECK(f.peer.received().starts_with("HTTP/1.1 415 "));
  CHECK(is_json(detail::openapi_document()));
  f.peer.send_bytes("GET /api/v1/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n");
  f.settle();
  CHECK(f.peer.received().starts_with("HTTP/1.1 200 "));
  f.peer.send_bytes("POST /api/v1/publish HTTP/1.1\r\nHost: x\r\n"
                    "Content-Length: 1048577\r\n\r\n");
  f.settle();
  CHECK(f.peer.received().starts_with("HTTP/1.1 413 "));
}
