// What a client has wanted no answer of is finished when it has gone, by the
// actor of its connection, which others take for gone.

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/roster/client_events.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

using lines = std::vector<std::string>;

struct fixture {
  fixture() {
    auto work = [this](context ctx) -> task<void> {
      auto slept = co_await sleep(ctx, 2s);
      done.emplace_back(slept ? "finished" : "cancelled");
      co_return slept;
    };
    auto& all = app.strategies();
    all.add("app::test:work", {open_to_guests()}, work);
    all.add("app::test:detached", {open_to_guests()}, work).detached();
    all.add("app::test:ever", {open_to_guests()},
            [](context ctx) -> task<void> {
              co_return co_await sleep(ctx, 1h);
            });
    all.add("app::test:ask", {open_to_guests()},
            [this](context ctx, client who) -> task<void> {
              auto slept = co_await sleep(ctx, 1s);
              auto answer = co_await who.request<bool>(ctx, "sure", 1, 5s);
              done.push_back(answer ? "answered"
                                    : public_message(answer.error()));
              co_return slept;
            });
    all.add("app::test:listen", {open_to_guests()},
            [this](context ctx, client who) -> task<void> {
              auto heard
                = who.subscribe(user_authenticated::all,
                                [this](context&, const user_authenticated&) {
                                  done.push_back("heard");
                                });
              if (heard)
                co_return heard;
              co_return co_await sleep(ctx, 1h);
            });
    app.host([=, this](domain_actor<>* self) -> domain_behavior {
      self->subscribe(client_disconnected::all);
      return {on("app::test:hosted", open_to_guests(), work),
              listen([this](const client_disconnected& what) {
                done.push_back("gone " + std::to_string(what.code));
              })};
    });
  }

  testing::fake_client connect() {
    auto result = app.connect();
    result.handle()->attach_functor(
      [this](const caf::error&) { done.push_back("ended"); });
    return result;
  }

  /// What has happened since.
  lines take() {
    return std::exchange(done, {});
  }

  lines done;
  testing::app app;
};

std::string without_id(const std::string& strategy) {
  return R"({"topic":")" + strategy + R"("})";
}

} // namespace

TEST_CASE("what wants no answer is finished when its client has gone") {
  fixture f;
  auto ada = f.connect();
  ada.say(without_id("app::test:work"));
  ada.send("app::test:work");
  f.app.run();
  ada.disconnect({4001, "bye"});
  f.app.run();
  // Everybody else is told at once. What waited for an answer has ended.
  CHECK(f.take() == lines{"cancelled", "gone 4001"});
  f.app.advance(1s);
  CHECK(f.take().empty());
  f.app.advance(1s);
  CHECK(f.take() == lines{"finished", "ended"});
  f.app.advance(20s);
  CHECK(f.take().empty());
}

TEST_CASE("what is detached outlives its client inline as well") {
  fixture f;
  auto ada = f.connect();
  ada.send("app::test:detached");
  f.app.run();
  ada.disconnect({4001, "bye"});
  f.app.run();
  CHECK(f.take() == lines{"gone 4001"});
  f.app.advance(2s);
  CHECK(f.take() == lines{"finished", "ended"});
}

TEST_CASE("a client that has left nothing behind ends at once") {
  fixture f;
  auto ada = f.connect();
  ada.send("app::test:work");
  ada.say(without_id("app::test:hosted"));
  f.app.run();
  ada.disconnect({4001, "bye"});
  f.app.run();
  CHECK(f.take() == lines{"cancelled", "ended", "gone 4001"});
  f.app.advance(2s);
  CHECK(f.take() == lines{"finished"});
}

TEST_CASE("what is finished has no more time than it had") {
  fixture f;
  auto ada = f.connect();
  ada.say(without_id("app::test:ever"));
  f.app.run();
  ada.disconnect({4001, "bye"});
  f.app.advance(9s);
  CHECK(f.take() == lines{"gone 4001"});
  f.app.advance(1s);
  CHECK(f.take() == lines{"ended"});
}

TEST_CASE("what is finished asks its client in vain") {
  fixture f;
  auto ada = f.connect();
  ada.say(without_id("app::test:ask"));
  f.app.run();
  ada.disconnect({4001, "bye"});
  f.app.advance(1s);
  CHECK(f.take() == lines{"gone 4001", "this client is gone", "ended"});
  // One that has asked before its client went.
  auto bob = f.connect();
  bob.say(without_id("app::test:ask"));
  f.app.advance(1s);
  bob.expect_request<int>("sure");
  bob.disconnect({4001, "bye"});
  f.app.run();
  CHECK(f.take() == lines{"this client is gone", "ended", "gone 4001"});
}

TEST_CASE("an event is not for those whose client has gone") {
  fixture f;
  auto ada = f.connect();
  ada.say(without_id("app::test:listen"));
  f.app.run();
  ada.disconnect({4001, "bye"});
  f.app.run();
  CHECK_FALSE(f.app.bus().publish(user_authenticated{"c9", "Bob"}));
  f.app.run();
  CHECK(f.take() == lines{"gone 4001"});
  f.app.advance(10s);
  CHECK(f.take() == lines{"ended"});
}

TEST_CASE("those who finish are not without number") {
  fixture f;
  std::vector<testing::fake_client> all;
  for (int i = 0; i < 1'002; ++i) {
    all.push_back(f.connect());
    all.back().say(without_id("app::test:work"));
  }
  f.app.run();
  for (auto& x : all)
    x.disconnect({4001, "bye"});
  f.app.run();
  auto ended = [what = f.take()](const char* word) {
    return std::count(what.begin(), what.end(), word);
  };
  CHECK(ended("gone 4001") == 1'002);
  CHECK(ended("ended") == 2);
  f.app.advance(2s);
  CHECK(f.take().size() == 2'000);
  // There is room again.
  auto next = f.connect();
  next.say(without_id("app::test:work"));
  f.app.run();
  next.disconnect({4001, "bye"});
  f.app.run();
  CHECK(f.take() == lines{"gone 4001"});
}

TEST_CASE("a program that ends does not wait for what is finished") {
  fixture f;
  auto ada = f.connect();
  ada.say(without_id("app::test:detached"));
  f.app.run();
  ada.disconnect({4001, "bye"});
  f.app.run();
  CHECK(f.take() == lines{"gone 4001"});
  f.app.stop();
  CHECK(f.take() == lines{"ended"});
}
