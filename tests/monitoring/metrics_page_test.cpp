#include "flamigo/monitoring/detail/metrics_page.hpp"

#include <optional>
#include <string>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/domain/domain_health.hpp"
#include "flamigo/domain/host.hpp"
#include "flamigo/history/memory_history.hpp"
#include "flamigo/metrics/detail/metric_text.hpp"
#include "flamigo/metrics/metric_registry.hpp"
#include "flamigo/strategy/strategy_registry.hpp"
#include "flamigo/testing/actor_fixture.hpp"

#include "support/events.hpp"

using namespace flamigo;

namespace {

struct fixture : testing::actor_fixture {
  ~fixture() {
    end();
  }

  std::string page() {
    return detail::metrics_page(
      {counted, bus, domains, presence, nullptr, [] { return 42u; }, others});
  }

  bool has(const std::string& line) {
    return page().find("\n" + line + "\n") != std::string::npos;
  }

  metric_registry counted{{""}};
  std::vector<detail::figures_source> others;
};

} // namespace

TEST_CASE("each sample stands behind its family, and each family once") {
  fixture f;
  std::vector<std::string> families;
  std::string current;
  auto page = f.page();
  for (std::size_t i = 0; i < page.size();) {
    auto end = page.find('\n', i);
    REQUIRE(end != page.npos);
    auto line = page.substr(i, end - i);
    i = end + 1;
    if (line.starts_with("# HELP ")) {
      current = line.substr(7, line.find(' ', 7) - 7);
      for (auto& x : families)
        CHECK(x != current);
      families.push_back(current);
    } else if (!line.starts_with("# TYPE ")) {
      CAPTURE(line);
      CHECK(line.starts_with(current));
    }
  }
  CHECK(families.size() > 30);
}

TEST_CASE("the page has what is counted, and what there is at the moment") {
  fixture f;
  f.counted.here().add(detail::metric::sent_bytes, 7);
  f.presence.set("a", {"c1", "u:1"}, {}, 1'000);
  CHECK(f.has("flamigo_sent_bytes_total 7"));
  CHECK(f.has("flamigo_sockets_open 42"));
  CHECK(f.has("flamigo_presence_channels 1"));
  CHECK(f.has("flamigo_presence_members 1"));
  CHECK(f.page().find("flamigo_history") == std::string::npos);
  CHECK(f.page().find("\nprocess_resident_memory_bytes ") != std::string::npos);
}

TEST_CASE("the page has what others count as well") {
  fixture f;
  f.others.push_back([](detail::metric_text& to) {
    to.family("shop_carts", "gauge", "Carts that are open.");
    to.sample("shop_carts", 3u);
  });
  CHECK(f.has("shop_carts 3"));
}

TEST_CASE("domains are told of with what waits for them, and their lives") {
  fixture f;
  f.adopt(host(f.services, {}, [](domain_actor<>* self) -> domain_behavior {
    self->subscribe("rooms/*");
    return {
      on("app::desk:crash", [=] { self->quit(caf::sec::runtime_error); }),
      listen([](const test::posted&) {}),
    };
  }));
  f.run();
  CHECK(f.has("flamigo_domain_up{domain=\"app::desk\"} 1"));
  CHECK(f.has("flamigo_domain_queued_events{domain=\"app::desk\"} 0"));
  for (int i = 0; i < 3; ++i)
    CHECK_FALSE(f.bus.publish(test::posted{"general", "hi"}));
  CHECK(f.has("flamigo_domain_queued_events{domain=\"app::desk\"} 3"));
  f.run();
  CHECK(f.has("flamigo_domain_queued_events{domain=\"app::desk\"} 0"));
  auto* slot = f.strategies.find("app::desk:crash")->host()->slot.get();
  queue_ticket place;
  REQUIRE(slot->enter(place));
  CHECK(f.has("flamigo_domain_queued_requests{domain=\"app::desk\"} 1"));
  caf::anon_send_exit(slot->get(), caf::exit_reason::kill);
  f.run();
  CHECK(f.has("flamigo_domain_restarts_total{domain=\"app::desk\"} 1"));
  CHECK(f.has("flamigo_domain_failures_total 1"));
  CHECK(f.has("flamigo_domain_up{domain=\"app::desk\"} 1"));
}

TEST_CASE("a domain that is down shows") {
  fixture f;
  f.adopt(host(f.services, {.restart = false},
               [](domain_actor<>*) -> domain_behavior {
                 return {on("app::desk:nothing", [] {})};
               }));
  f.run();
  auto* slot = f.strategies.find("app::desk:nothing")->host()->slot.get();
  caf::anon_send_exit(slot->get(), caf::exit_reason::kill);
  f.run();
  CHECK(f.has("flamigo_domain_up{domain=\"app::desk\"} 0"));
  CHECK(f.has("flamigo_domain_restarts_total{domain=\"app::desk\"} 0"));
}
