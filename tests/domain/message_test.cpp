#include "flamigo/domain/detail/task_message.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "flamigo/domain/domain_actor.hpp"
#include "flamigo/error/error.hpp"
#include "flamigo/strategy/call.hpp"
#include "flamigo/task/sleep.hpp"
#include "flamigo/testing/app.hpp"
#include "support/log_capture.hpp"

using namespace flamigo;
using namespace std::chrono_literals;

namespace {

using wait_atom = caf::atom_constant<caf::atom("wait")>;
using fail_atom = caf::atom_constant<caf::atom("fail")>;
using quit_atom = caf::atom_constant<caf::atom("quit")>;

const std::string long_text = "a text that does not fit into a string itself";

struct desk {
  desk() {
    app.strategies().add("app::desk:add", internal(),
                         [](int in) { return in + 1; });
    domain = app.host([this](domain_actor<int>* self) -> domain_behavior {
      return {
        [=, this](int in) -> task<int> {
          auto more = co_await self->call_strategy<int>("app::desk:add", in);
          if (!more)
            co_return more.error();
          handled.push_back("int");
          co_return *more;
        },
        [=, this](wait_atom, std::string text) -> task<std::string> {
          auto here = alive;
          co_await sleep(self->as_domain(), 1min).or_throw();
          handled.push_back(text);
          co_return text;
        },
        [=](fail_atom, bool later) -> task<void> {
          if (later)
            co_await sleep(self->as_domain(), 1s).or_throw();
          co_return make_error(errc::conflict, "no tea");
        },
        [=](quit_atom) { self->quit(); },
      };
    });
  }

  /// What the domain answers, once it has.
  template <class T, class... Ts>
  std::shared_ptr<std::optional<caf::expected<T>>> ask(Ts... what) {
    auto result = std::make_shared<std::optional<caf::expected<T>>>();
    app.system().spawn([=, to = domain.actor()](caf::event_based_actor* self) {
      self->request(to, caf::infinite, what...)
        .then([=](T& x) { *result = std::move(x); },
              [=](caf::error& why) { *result = std::move(why); });
    });
    app.run();
    return result;
  }

  test::log_capture log;
  std::shared_ptr<int> alive = std::make_shared<int>();
  std::vector<std::string> handled;
  testing::app app;
  domain_handle domain;
};

} // namespace

TEST_CASE("a domain's handler of messages may be a coroutine") {
  desk f;
  auto sum = f.ask<int>(41);
  REQUIRE(sum->has_value());
  CHECK(**sum == 42);
  auto text = f.ask<std::string>(wait_atom::value, long_text);
  CHECK_FALSE(text->has_value());
  // The domain goes on meanwhile.
  CHECK(f.ask<int>(1)->has_value());
  f.app.advance(1min);
  REQUIRE(text->has_value());
  CHECK(**text == long_text);
  for (auto later : {false, true}) {
    auto failed = f.ask<int>(fail_atom::value, later);
    CHECK(failed->has_value() == !later);
    f.app.advance(1s);
    REQUIRE(failed->has_value());
    CHECK(status_of((*failed)->error()) == 409);
  }
}

TEST_CASE("nobody is told of a message that was only sent") {
  desk f;
  for (auto later : {false, true}) {
    auto from = f.app.system().spawn([](caf::event_based_actor* self) {
      return caf::behavior{[=](caf::message& what) {
        self->quit(caf::sec::unexpected_message);
        return what;
      }};
    });
    f.app.adopt(from);
    auto ended = std::make_shared<bool>(false);
    from->attach_functor([ended] { *ended = true; });
    caf::send_as(from, f.domain.actor(), fail_atom::value, later);
    caf::send_as(from, f.domain.actor(), 41);
    f.app.run();
    f.app.advance(1s);
    CHECK_FALSE(*ended);
  }
  CHECK(f.handled == std::vector<std::string>{"int", "int"});
  auto failures = 0;
  for (auto& line : f.log.lines())
    if (line.find("a handler of messages: ") != line.npos
        && line.find("no tea") != line.npos)
      ++failures;
  CHECK(failures == 2);
}

TEST_CASE("a handler of messages that waits ends with its domain") {
  desk f;
  auto before = f.alive.use_count();
  auto text = f.ask<std::string>(wait_atom::value, long_text);
  CHECK(f.alive.use_count() == before + 1);
  caf::anon_send(f.domain.actor(), quit_atom::value);
  f.app.run();
  CHECK(f.alive.use_count() <= before);
  REQUIRE(text->has_value());
  CHECK(status_of((*text)->error()) == 503);
}
