#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <csignal>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

#include "flamigo/application/application.hpp"
#include "flamigo/domain/domain_actor.hpp"
#include "support/child_process.hpp"

using namespace flamigo;
using namespace flamigo::test;
using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

namespace {

struct ending {
  int status = 0;
  std::string said{};
};

ending end_of(const char* child) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  child_process process{child, ends[1]};
  ::close(ends[1]);
  ending result;
  result.status = process.wait(30s).value_or(-1);
  char chunk[4096];
  for (ssize_t n; (n = ::read(ends[0], chunk, sizeof(chunk))) > 0;)
    result.said.append(chunk, static_cast<std::size_t>(n));
  ::close(ends[0]);
  return result;
}

std::unique_ptr<configuration> quiet() {
  auto result = std::make_unique<configuration>();
  result->server.port = 0;
  result->log_level = log::level::off;
  return result;
}

domain_behavior twice(domain_actor<>*) {
  return {on("app::shop:buy", [] { return 1; }),
          on("app::shop:buy", [] { return 2; })};
}

domain_behavior subscribed(domain_actor<>* self) {
  self->subscribe("users//left");
  return {on("app::shop:buy", [] { return 1; })};
}

/// As in a `main` that catches nothing.
void run_uncaught(const std::function<void(application&)>& body) noexcept {
  // Is not ended: who leaves `main` by an exception ends nothing.
  auto app = new application{quiet()};
  [&]() noexcept { body(*app); }();
}

} // namespace

TEST_CASE("child: names a strategy twice", "[.]") {
  run_uncaught([](application& app) { app.host(twice); });
}

TEST_CASE("child: subscribes to a bad pattern", "[.]") {
  run_uncaught([](application& app) { app.host(subscribed); });
}

TEST_CASE("child: adds a name that cannot be", "[.]") {
  run_uncaught([](application& app) {
    app.strategies().add("shop:buy", [] { return 1; });
  });
}

TEST_CASE("child: throws when it serves", "[.]") {
  run_uncaught([](application& app) {
    app.start();
    throw std::runtime_error{"this is a crash"};
  });
}

TEST_CASE("a mistake in a domain is a sentence and 2, and no crash") {
  auto name = end_of("child: names a strategy twice");
  CHECK(WIFEXITED(name.status));
  CHECK(WEXITSTATUS(name.status) == 2);
  CHECK(name.said
        == "strategy \"app::shop:buy\": a strategy of this name is registered "
           "already, choose another one\n");
  auto pattern = end_of("child: subscribes to a bad pattern");
  CHECK(WEXITSTATUS(pattern.status) == 2);
  CHECK_THAT(pattern.said, ContainsSubstring("users//left"));
  auto form = end_of("child: adds a name that cannot be");
  CHECK(WEXITSTATUS(form.status) == 2);
  CHECK_THAT(form.said, ContainsSubstring("must begin with \"app::\""));
}

TEST_CASE("once it serves, what nobody catches is a crash") {
  auto crash = end_of("child: throws when it serves");
  CHECK(WIFSIGNALED(crash.status));
  CHECK(WTERMSIG(crash.status) == SIGABRT);
}
