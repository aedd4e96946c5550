#include "flamigo/monitoring/detail/health_routes.hpp"

#include <catch2/catch_test_macros.hpp>

#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/testing/app.hpp"

using namespace flamigo;

namespace {

/// What is served at a path.
http_response get(const http_routes& routes, std::string_view path) {
  return routes.answer({.path = std::string{path}});
}

/// A program whose domain falls when it is told to.
struct world {
  explicit world(hosting_options options) {
    app.host(options, [](domain_actor<>* self) -> domain_behavior {
      return {
        on("app::fragile:crash", [=] { self->quit(caf::sec::runtime_error); }),
      };
    });
    detail::add_health_routes(routes, draining, app.domains(), checks);
  }

  void crash() {
    CHECK(app.backend().call("app::fragile:crash"));
    app.run();
  }

  testing::app app;
  std::atomic<bool> draining = false;
  std::vector<readiness_check> checks;
  http_routes routes;
};

} // namespace

TEST_CASE("a program is ready until it drains, and alive all the time") {
  world w{{}};
  CHECK(get(w.routes, "/livez").status == 200);
  auto ready = get(w.routes, "/readyz");
  CHECK(ready.status == 200);
  CHECK(ready.body == "ready\n");
  w.draining = true;
  auto gone = get(w.routes, "/readyz");
  CHECK(gone.status == 503);
  CHECK(gone.body == "shutting down\n");
  CHECK(get(w.routes, "/livez").status == 200);
}

TEST_CASE("a domain that comes back leaves a program ready") {
  world w{{}};
  w.crash();
  CHECK(w.app.domains().failures() == 1);
  CHECK(get(w.routes, "/readyz").status == 200);
}

TEST_CASE("a program whose domain stays down is not ready, and says which") {
  world w{{.restart = false}};
  w.crash();
  auto answer = get(w.routes, "/readyz");
  CHECK(answer.status == 503);
  CHECK(answer.body == "app::fragile stays down\n");
  CHECK(get(w.routes, "/livez").status == 200);
}

TEST_CASE("a program is not ready as long as a check of its own says why") {
  world w{{}};
  std::optional<std::string> why;
  w.checks.push_back([&] { return why; });
  w.checks.push_back([] { return std::optional<std::string>{}; });
  CHECK(get(w.routes, "/readyz").body == "ready\n");
  why = "no connection to the store";
  auto answer = get(w.routes, "/readyz");
  CHECK(answer.status == 503);
  CHECK(answer.body == "no connection to the store\n");
}

TEST_CASE("what a program serves there itself stays") {
  http_routes routes;
  routes.get("/readyz", {.body = "mine\n"});
  testing::app app;
  std::atomic<bool> draining = true;
  std::vector<readiness_check> checks;
  detail::add_health_routes(routes, draining, app.domains(), checks);
  CHECK(get(routes, "/readyz").body == "mine\n");
  CHECK(get(routes, "/livez").body == "alive\n");
}
