#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <boost/describe/class.hpp>

#include "flamigo/client/client.hpp"
#include "flamigo/context/publish_sync.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

struct sold {
  std::string item;

  topic topics() const {
    return topic{"sales"};
  }
};

BOOST_DESCRIBE_STRUCT(sold, (), (item))

const std::string long_text = "an item whose name does not fit into a string";

/// Publishes, and says when its listeners are done.
domain_behavior seller(domain_actor<>*) {
  return {
    on("app::sale:publish",
       [](context& ctx, std::string item) {
         return ctx.publish(sold{std::move(item)});
       }),
    on("app::sale:publish_sync",
       [](context& ctx, std::string item) -> caf::result<std::size_t> {
         auto promise = ctx.make_promise<std::size_t>();
         auto pending = ctx.publish_sync(sold{std::move(item)}, 5s);
         if (!pending)
           return pending.error();
         std::move(*pending).then([promise](publish_report report) mutable {
           promise.deliver(report.failures.size());
         });
         return promise;
       }),
  };
}

struct fixture {
  fixture() {
    app.host(seller);
    app.host([this](domain_actor<>* self) -> domain_behavior {
      self->subscribe("sales");
      return {listen([this](context ctx, sold what) -> task<void> {
                auto slept = co_await sleep(ctx, 100ms);
                seen.push_back(slept ? what.item : code_of(slept.error()));
                if (what.item == "bad")
                  co_return make_error(errc::conflict);
                co_return ok;
              }),
              listen([this](sold what) -> task<void> {
                seen.push_back("at once");
                co_return what.item == "worse" ? caf::error{errc::conflict}
                                               : caf::error{};
              }),
              on("app::sale:quit",
                 [=] { self->quit(caf::sec::runtime_error); })};
    });
  }

  std::vector<std::string> seen;
  testing::app app;
};

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("a listener may be a coroutine") {
  fixture f;
  auto ada = f.app.connect();
  ada.call<void>("app::sale:publish", long_text);
  ada.call<void>("app::sale:publish", std::string{"second"});
  CHECK(f.seen == strings{"at once", "at once"});
  f.app.advance(100ms);
  CHECK(f.seen == strings{"at once", "at once", long_text, "second"});
}

TEST_CASE("publish_sync waits for coroutines that listen") {
  fixture f;
  auto ada = f.app.connect();
  auto ref = ada.send("app::sale:publish_sync", long_text);
  f.app.advance(99ms);
  ada.expect_nothing();
  f.app.advance(1ms);
  CHECK(ada.expect_reply<std::size_t>(ref) == 0);
  // A failure counts, whether it comes at once or later.
  for (auto item : {"bad", "worse"}) {
    ref = ada.send("app::sale:publish_sync", std::string{item});
    f.app.advance(100ms);
    CHECK(ada.expect_reply<std::size_t>(ref) == 1);
  }
}

TEST_CASE("a listener that ends with its actor has not handled the event") {
  fixture f;
  auto ada = f.app.connect();
  auto ref = ada.send("app::sale:publish_sync", long_text);
  ada.call<void>("app::sale:quit");
  CHECK(ada.expect_reply<std::size_t>(ref) == 1);
  CHECK(f.seen == strings{"at once"});
  f.app.advance(1s);
  CHECK(f.seen == strings{"at once"});
}

TEST_CASE("a client's listener may be a coroutine") {
  std::vector<std::string> seen;
  testing::app app;
  app.on_open([&seen](client& who) {
    auto listening
      = who.subscribe("sales", [&seen](context ctx, sold what) -> task<void> {
          co_await sleep(ctx, 100ms);
          seen.push_back(what.item);
          co_return ok;
        });
    CHECK_FALSE(listening);
  });
  app.host(seller);
  auto ada = app.connect();
  auto bob = app.connect();
  ada.call<void>("app::sale:publish", long_text);
  bob.disconnect();
  app.advance(100ms);
  CHECK(seen == strings{long_text});
}
