#include "flamigo/monitoring/detail/process_figures.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch_test_macros.hpp>

using flamigo::detail::process_figures;

namespace {

std::size_t count_threads() {
  std::filesystem::directory_iterator all{"/proc/self/task"};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

} // namespace

TEST_CASE("a process knows what it has") {
  auto before = process_figures::read();
  REQUIRE(before.resident_bytes);
  CHECK(*before.resident_bytes > 1'000'000);
  CHECK(before.virtual_bytes > before.resident_bytes);
  CHECK(before.threads == count_threads());
  REQUIRE(before.start_seconds);
  auto now = static_cast<double>(std::time(nullptr));
  CHECK(*before.start_seconds > now - 86'400);
  CHECK(*before.start_seconds < now + 2);
  auto open = process_figures::count_open_files();
  REQUIRE(open);
  CHECK(*open < *before.max_open_files);
  std::ifstream one{"/proc/self/stat"};
  CHECK(*process_figures::count_open_files() == *open + 1);
}

TEST_CASE("a process knows how long it has worked") {
  auto before = process_figures::read().cpu_seconds;
  REQUIRE(before);
  // Ticks are a hundredth of a second.
  auto begin = std::clock();
  while (std::clock() - begin < CLOCKS_PER_SEC / 20)
    ;
  CHECK(*process_figures::read().cpu_seconds > *before);
}
