#include "flamigo/metrics/metric_registry.hpp"

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/metrics/detail/metric_text.hpp"

using namespace flamigo;
using namespace std::chrono_literals;
using detail::metric;

namespace {

constexpr auto counted = metric::events_published;

std::string page_of(const metric_registry& uut) {
  detail::metric_text text;
  uut.write(text);
  return text.take();
}

bool has_line(const std::string& page, const std::string& line) {
  return page.find("\n" + line + "\n") != page.npos;
}

} // namespace

TEST_CASE("what threads have counted is there when they have ended") {
  metric_registry uut{{""}};
  uut.here().add(counted, 1);
  for (std::uint64_t n : {10u, 100u})
    std::thread{[&] { uut.here().add(counted, n); }}.join();
  CHECK(uut.sum(counted) == 111);
}

TEST_CASE("the block of a thread that has ended is the next one's") {
  metric_registry uut{{""}};
  detail::metric_block* first = nullptr;
  detail::metric_block* second = nullptr;
  std::thread{[&] { first = &uut.here(); }}.join();
  std::thread{[&] { second = &uut.here(); }}.join();
  CHECK(first == second);
  CHECK(&uut.here() == first);
  std::thread{[&] { second = &uut.here(); }}.join();
  CHECK(second != first);
}

TEST_CASE("a thread counts for the program that it works for just now") {
  std::optional<metric_registry> one{std::vector<std::string>{""}};
  metric_registry other{{""}};
  one->here().add(counted, 1);
  other.here().add(counted, 2);
  one->here().add(counted, 4);
  CHECK(one->sum(counted) == 5);
  CHECK(other.sum(counted) == 2);
  // Where another one may get its memory.
  one.reset();
  one.emplace(std::vector<std::string>{""});
  one->here().add(counted, 8);
  CHECK(one->sum(counted) == 8);
}

TEST_CASE("threads count while they are asked, and nothing is lost") {
  constexpr std::uint64_t each = 100'000;
  metric_registry uut{{"", "app::test:echo"}};
  std::atomic<int> running = 3;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      for (std::uint64_t n = 0; n < each; ++n) {
        auto& block = uut.here();
        block.add(counted, 1);
        block.of(1).by_status[detail::ok_place].add(1);
        block.of(1).latency.observe(1us);
      }
      --running;
    });
  std::uint64_t last = 0;
  while (running > 0) {
    auto now = uut.sum(counted);
    CHECK(now >= last);
    last = now;
    page_of(uut);
  }
  for (auto& x : threads)
    x.join();
  CHECK(uut.sum(counted) == 3 * each);
  auto page = page_of(uut);
  CHECK(has_line(page, "flamigo_events_published_total 300000"));
  CHECK(has_line(page, "flamigo_requests_total{strategy=\"app::test:echo\","
                       "status=\"200\"} 300000"));
  CHECK(has_line(page, "flamigo_request_duration_seconds_sum"
                       "{strategy=\"app::test:echo\"} 0.3"));
}

TEST_CASE("a gauge that other threads have lowered is not below nothing") {
  metric_registry uut{{""}};
  uut.here().subtract(metric::backlog_bytes, 0, 1);
  CHECK(uut.sum(metric::backlog_bytes) == 0);
  std::thread{[&] { uut.here().add(metric::backlog_bytes, 3); }}.join();
  CHECK(uut.sum(metric::backlog_bytes) == 2);
}

TEST_CASE("strategies that were not called are not told of") {
  metric_registry uut{{"", "app::test:one", "app::test:two"}};
  uut.here().of(2).by_status[detail::status_place(404)].add(2);
  uut.here().of(2).latency.observe(3ms);
  uut.here().of(7).by_status[detail::status_place(404)].add(1);
  auto page = page_of(uut);
  CHECK(page.find("app::test:one") == page.npos);
  CHECK(has_line(page, "flamigo_requests_total{strategy=\"app::test:two\","
                       "status=\"404\"} 2"));
  // Nothing of it has run.
  CHECK(page.find("seconds_count{strategy=\"\"}") == page.npos);
  // Those that have no number have no name.
  CHECK(
    has_line(page, "flamigo_requests_total{strategy=\"\",status=\"404\"} 1"));
  std::string bucket = "flamigo_request_duration_seconds_bucket"
                       "{strategy=\"app::test:two\",le=";
  CHECK(has_line(page, bucket + "\"0.0025\"} 0"));
  CHECK(has_line(page, bucket + "\"0.005\"} 1"));
  CHECK(has_line(page, bucket + "\"+Inf\"} 1"));
}

TEST_CASE("a turn that goes on shows while it does") {
  metric_registry uut{{""}};
  auto& turns = uut.turns_of(1);
  CHECK(&uut.turns_of(1) == &turns);
  auto now = detail::turn_cells::time_point{1h};
  CHECK(turns.age(now) == 0ns);
  turns.begin(now);
  CHECK(turns.age(now + 3s) == 3s);
  // As another thread may have read the clock before.
  CHECK(turns.age(now - 1ns) == 0ns);
  turns.end(now, now + 20ms);
  CHECK(turns.age(now + 3s) == 0ns);
  CHECK(turns.took().sum() == 20'000'000);
  auto page = page_of(uut);
  CHECK(has_line(page, "flamigo_io_turn_duration_seconds_count"
                       "{thread=\"1\"} 1"));
  CHECK(has_line(page, "flamigo_io_turn_age_seconds{thread=\"0\"} 0"));
}

TEST_CASE("requests are summed by strategy") {
  metric_registry uut{{"", "app::test:one", "app::test:two"}};
  auto count = [&] {
    auto& cells = uut.here().of(2);
    cells.by_status[detail::status_place(200)].add(2);
    cells.by_status[detail::status_place(503)].add(1);
    cells.latency.observe(3us);
  };
  count();
  std::thread{count}.join();
  auto all = uut.requests();
  REQUIRE(all.size() == 1);
  CHECK(all[0].strategy == "app::test:two");
  CHECK(all[0].by_status[detail::status_place(200)] == 4);
  CHECK(all[0].by_status[detail::status_place(503)] == 2);
  // Up to 5 microseconds.
  CHECK(all[0].latency[1] == 2);
  CHECK(all[0].total_time == 6'000);
}
