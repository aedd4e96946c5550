#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/describe/class.hpp>

#include <catch2/catch_test_macros.hpp>

#include <rapidjson/document.h>

#include "flamigo/context/response_promise.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/log/log.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/publish_sync.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"
#include "flamigo/tracing/tracer.hpp"
#include "support/log_capture.hpp"
#include "support/span_capture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using test::only;
using test::span_capture;

namespace {

constexpr auto trace = "0af7651916cd43dd8448eb211c80319c";
constexpr auto caller = "b7ad6b7169203331";

struct posted {
  std::string text;

  topic topics() const {
    return topic{"rooms/1"};
  }
};

BOOST_DESCRIBE_STRUCT(posted, (), (text))

task<std::string> slowly(context ctx) {
  (void) co_await sleep(ctx, 5s);
  log::info("awake");
  co_return to_string(ctx.trace());
}

domain_behavior desk(domain_actor<>* self) {
  self->subscribe("rooms");
  return {
    on("app::desk:trace", [](context& ctx) { return to_string(ctx.trace()); }),
    on("app::desk:slowly", slowly),
    on("app::desk:post", [](context& ctx) { return ctx.publish(posted{"x"}); }),
    on("app::desk:tell",
       [](context ctx) -> task<bool> {
         posted what{"x"};
         auto told = co_await ctx.publish_sync(what, 1s);
         co_return told.engaged();
       }),
    listen([](context& ctx, const posted&) {
      log::info("heard " + to_string(ctx.trace()));
    }),
  };
}

struct fixture {
  explicit fixture(double sample = 1) : spans(sample) {
    if (sample > 0)
      app.record_traces_by(spans.by);
    auto& all = app.strategies();
    all.add("app::test:trace",
            [](context& ctx) { return to_string(ctx.trace()); });
    all.add("app::test:fail",
            [] { return public_error("sold out", 409, "sold_out"); });
    all.add("app::test:slowly", slowly);
    all.add("app::test:later", [this](context& ctx) {
      kept = ctx.make_promise<std::string>();
      return *kept;
    });
    all.add("app::test:nested", [](context ctx) -> task<std::string> {
      auto own = to_string(ctx.trace());
      auto below = co_await ctx.call_strategy<std::string>("app::test:trace");
      auto hosted = co_await ctx.call_strategy<std::string>("app::desk:trace");
      auto failed = co_await ctx.call_strategy<void>("app::test:fail");
      auto slow = co_await ctx.call_strategy<std::string>("app::desk:slowly");
      co_return own + " " + *below + " " + *hosted + " " + *slow;
    });
    app.host(desk);
  }

  /// Says this with that `traceparent`; returns what was heard.
  std::vector<std::string> ask(testing::fake_client& who,
                               const std::string& name,
                               const std::string& traceparent) {
    who.say(R"({"topic":")" + name + R"(","ackId":1,"traceparent":)"
            + traceparent + "}");
    app.run();
    return who.heard();
  }

  std::vector<std::string> ask(testing::fake_client& who,
                               const std::string& name) {
    return ask(who, name, given);
  }

  const std::string given = "\"00-" + std::string{trace} + "-" + caller
                            + "-01\"";
  span_capture spans;
  testing::app app;
  std::optional<response_promise<std::string>> kept;
};

bool heard(const std::vector<std::string>& all, const std::string& text) {
  return all.size() == 1 && all[0].find(text) != std::string::npos;
}

} // namespace

TEST_CASE("a request is a step of the trace that it names") {
  fixture f;
  auto ada = f.app.connect();
  auto answer = f.ask(ada, "app::test:trace");
  auto x = only(f.spans.spans(), "app::test:trace");
  CHECK(x.trace == trace);
  CHECK(x.parent == caller);
  CHECK(x.kind == 2);
  CHECK(x.attributes["rpc.system"] == "flamigo");
  CHECK(x.attributes["rpc.method"] == "app::test:trace");
  CHECK(x.attributes["flamigo.connection"] == "c1");
  CHECK(x.attributes["flamigo.status"] == "200");
  CHECK(heard(answer, "00-" + std::string{trace} + "-" + x.id + "-01"));
}

TEST_CASE("a hostile traceparent is no error, and begins a trace") {
  fixture f;
  auto ada = f.app.connect();
  for (auto& bad :
       {std::string{"7"}, std::string{"null"}, std::string{"\"\""},
        std::string{R"({"a":["deep"]})"}, std::string{R"("\u0030\u0030-")"},
        "\"" + std::string(50'000, '0') + "\"",
        std::string{
          R"("00-00000000000000000000000000000000-b7ad6b7169203331-01")"}}) {
    CAPTURE(bad);
    auto answer = f.ask(ada, "app::test:trace", bad);
    REQUIRE(heard(answer, "\"payload\":\"00-"));
    auto x = f.spans.spans().back();
    CHECK(x.trace != trace);
    CHECK(x.parent.empty());
  }
}

TEST_CASE("what a step calls is below it") {
  fixture f;
  auto ada = f.app.connect();
  ada.say(R"({"topic":"app::test:nested","ackId":1,"traceparent":)" + f.given
          + "}");
  f.app.run();
  f.app.advance(5s);
  CHECK(heard(ada.heard(), "\"payload\":\"00-"));
  auto all = f.spans.spans();
  for (auto& x : all)
    CHECK(x.trace == trace);
  auto root = only(all, "app::test:nested");
  CHECK(root.parent == caller);
  auto below = only(all, "app::test:trace");
  CHECK(below.parent == root.id);
  CHECK(below.kind == 1);
  CHECK(below.attributes["rpc.method"] == "app::test:trace");
  auto failed = only(all, "app::test:fail");
  CHECK(failed.parent == root.id);
  CHECK(failed.code == 2);
  CHECK(failed.message == "sold out");
  CHECK(failed.attributes["flamigo.status"] == "409");
  // That of who waits, and that of the domain, which ends first.
  for (auto name : {"app::desk:trace", "app::desk:slowly"}) {
    std::vector<test::seen_span> both;
    for (auto& x : all)
      if (x.name == name)
        both.push_back(x);
    REQUIRE(both.size() == 2);
    CHECK(both[1].parent == root.id);
    CHECK(both[0].parent == both[1].id);
    CHECK(both[0].attributes["flamigo.domain"] == "app::desk");
    CHECK(both[0].attributes["flamigo.status"] == "200");
    CHECK(both[1].attributes["flamigo.status"] == "200");
  }
  CHECK(all.size() == 7);
  CHECK(all.back().id == root.id);
}

TEST_CASE("a hosted strategy is below its request") {
  fixture f;
  auto ada = f.app.connect();
  f.ask(ada, "app::desk:trace");
  auto all = f.spans.spans();
  REQUIRE(all.size() == 2);
  CHECK(all[1].kind == 2);
  CHECK(all[1].parent == caller);
  CHECK(all[0].parent == all[1].id);
  CHECK(all[0].kind == 1);
}

TEST_CASE("a step ends when the answer is given") {
  fixture f;
  auto ada = f.app.connect();
  ada.say(R"({"topic":"app::test:slowly","ackId":1})");
  ada.say(R"({"topic":"app::test:later","ackId":2})");
  f.app.run();
  CHECK(f.spans.lines().empty());
  f.kept->deliver("done");
  CHECK(only(f.spans.spans(), "app::test:later").code == 0);
  f.app.advance(5s);
  CHECK(only(f.spans.spans(), "app::test:slowly").attributes["flamigo.status"]
        == "200");
  CHECK(ada.heard().size() == 2);
}

TEST_CASE("a failure, a cancelled call and a late one end their steps") {
  fixture f;
  auto ada = f.app.connect();
  f.ask(ada, "app::test:fail");
  ada.say(R"({"topic":"app::test:slowly","ackId":7})");
  ada.say(R"({"topic":"app::websocket:cancel","payload":{"ackId":7}})");
  ada.say(R"({"topic":"app::test:later","ackId":8})");
  f.app.advance(1min);
  auto all = f.spans.spans();
  CHECK(only(all, "app::test:fail").message == "sold out");
  CHECK(only(all, "app::test:slowly").attributes["flamigo.status"] == "499");
  CHECK(only(all, "app::test:later").attributes["flamigo.status"] == "504");
}

TEST_CASE("a step of a client that has gone ends with it") {
  fixture f;
  auto ada = f.app.connect();
  ada.say(R"({"topic":"app::test:slowly","ackId":7})");
  f.app.run();
  ada.disconnect();
  f.app.run();
  only(f.spans.spans(), "app::test:slowly");
}

TEST_CASE("an event carries the trace to its listeners") {
  fixture f;
  auto ada = f.app.connect();
  test::log_capture out;
  f.ask(ada, "app::desk:post");
  f.app.run();
  auto all = f.spans.spans();
  REQUIRE(all.size() == 3);
  auto& published = all[0].kind == 1 ? all[0] : all[1];
  auto listened = only(all, "app::desk hears");
  CHECK(listened.trace == trace);
  CHECK(listened.kind == 5);
  CHECK(listened.attributes["messaging.destination.name"] == "rooms/1");
  CHECK(listened.parent == published.id);
  auto lines = out.lines();
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].ends_with("heard 00-" + std::string{trace} + "-" + listened.id
                           + "-01"));
}

TEST_CASE("so does one whose listeners are waited for") {
  fixture f;
  auto ada = f.app.connect();
  CHECK(heard(f.ask(ada, "app::desk:tell"), R"("payload":true)"));
  CHECK(only(f.spans.spans(), "app::desk hears").trace == trace);
}

TEST_CASE("what wraps a strategy is a step around another one") {
  fixture f;
  f.app.around("app::test:*", [](context ctx, next go_on) -> task<raw_json> {
    auto answer = co_await go_on(ctx);
    if (!answer)
      co_return public_error("all is well", 418, "teapot");
    co_return std::move(*answer);
  });
  auto ada = f.app.connect();
  f.ask(ada, "app::test:fail");
  auto all = f.spans.spans();
  REQUIRE(all.size() == 2);
  CHECK(all[0].message == "sold out");
  CHECK(all[1].message == "all is well");
  CHECK(all[0].parent == all[1].id);
}

TEST_CASE("the program's own calls begin traces") {
  fixture f;
  auto text = f.app.backend().call<std::string>("app::test:trace");
  auto x = only(f.spans.spans(), "app::test:trace");
  CHECK(x.parent.empty());
  CHECK(text == "00-" + x.trace + "-" + x.id + "-01");
}

TEST_CASE("without a tracer, or of who does not want it, nothing is recorded") {
  fixture none{0};
  auto ada = none.app.connect();
  CHECK(heard(none.ask(ada, "app::test:trace"),
              "00-" + std::string{trace} + "-" + caller + "-01"));
  CHECK(heard(none.ask(ada, "app::desk:trace"),
              "00-" + std::string{trace} + "-" + caller + "-01"));
  CHECK(heard(none.ask(ada, "app::test:trace", "\"bad\""), R"("payload":"")"));
  fixture f;
  auto bob = f.app.connect();
  auto unwanted = "00-" + std::string{trace} + "-" + caller + "-00";
  CHECK(heard(f.ask(bob, "app::desk:trace", "\"" + unwanted + "\""), unwanted));
  CHECK(f.spans.lines().empty());
}

TEST_CASE("lines of the log say which step they belong to") {
  fixture f;
  f.app.strategies().add("app::test:log", [] { log::info("here"); });
  f.app.strategies().add("app::test:throw",
                         []() -> int { throw std::runtime_error{"no"}; });
  auto ada = f.app.connect();
  test::log_capture out;
  log::set_format(log::format::json);
  f.ask(ada, "app::test:log");
  f.ask(ada, "app::test:throw");
  ada.say(R"({"topic":"app::test:slowly","ackId":1})");
  f.app.advance(5s);
  ada.heard();
  log::info("elsewhere");
  auto lines = out.lines();
  log::set_format(log::format::text);
  auto all = f.spans.spans();
  REQUIRE(all.size() == 3);
  REQUIRE(lines.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) {
    rapidjson::Document line;
    line.Parse(lines[i].c_str());
    REQUIRE(line.IsObject());
    CHECK(line["trace_id"].GetString() == all[i].trace);
    CHECK(line["span_id"].GetString() == all[i].id);
    CHECK(line["connection"] == "c1");
  }
  CHECK(lines[3].find("trace_id") == std::string::npos);
}

TEST_CASE("lines name the connection, wherever they are written for it") {
  fixture f;
  f.app.strategies().add("app::test:throw",
                         []() -> int { throw std::runtime_error{"no"}; });
  auto ada = f.app.connect();
  test::log_capture out;
  log::set_format(log::format::json);
  // In a domain, below the request.
  f.ask(ada, "app::desk:post");
  // In a trace that is not recorded.
  f.ask(ada, "app::test:throw",
        "\"00-" + std::string{trace} + "-" + caller + "-00\"");
  auto lines = out.lines();
  log::set_format(log::format::text);
  REQUIRE(lines.size() == 2);
  for (auto& text : lines) {
    rapidjson::Document line;
    line.Parse(text.c_str());
    REQUIRE(line.IsObject());
    CHECK(line["trace_id"] == trace);
    REQUIRE(line.HasMember("connection"));
    CHECK(line["connection"] == "c1");
  }
}
