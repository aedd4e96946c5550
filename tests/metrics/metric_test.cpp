#include "flamigo/metrics/detail/metric.hpp"

#include <set>
#include <string>

#include <catch2/catch_test_macros.hpp>

#include "flamigo/metrics/detail/metric_block.hpp"

using namespace flamigo::detail;

TEST_CASE("codes have the label of their number, or of all others") {
  auto close = [](std::uint16_t code) {
    return close_code_labels[close_code_place(code)];
  };
  CHECK(close(1000) == "1000");
  CHECK(close(3503) == "3503");
  CHECK(close(4001) == "other");
  CHECK(close(0) == "other");
  auto status = [](int code) { return status_labels[status_place(code)]; };
  CHECK(status(200) == "200");
  CHECK(status(499) == "499");
  CHECK(status(402) == "4xx");
  CHECK(status(599) == "5xx");
  CHECK(status(-1) == "5xx");
  CHECK(status_labels[ok_place] == "200");
  auto http = [](unsigned code) {
    return http_status_labels[http_status_place(code)];
  };
  CHECK(http(204) == "2xx");
  CHECK(http(304) == "3xx");
  CHECK(http(404) == "404");
  CHECK(http(418) == "4xx");
  CHECK(http(501) == "5xx");
}

TEST_CASE("names and types are as Prometheus has them") {
  std::set<std::string_view> names;
  for (auto& x : metrics) {
    CAPTURE(std::string{x.name});
    CHECK(names.insert(x.name).second);
    CHECK(x.name.starts_with("flamigo_"));
    CHECK(x.name.ends_with("_total") == (x.type == "counter"));
    CHECK((x.type == "counter" || x.type == "gauge"));
    CHECK(x.help.ends_with("."));
    CHECK(x.label.empty() == x.values.empty());
  }
}

TEST_CASE("each value of a label has a cell of its own") {
  metric_block uut{1};
  std::uint64_t n = 0;
  for (std::size_t i = 0; i < metrics.size(); ++i)
    for (std::size_t place = 0; place < metrics[i].places(); ++place)
      uut.add(static_cast<metric>(i), place, ++n);
  n = 0;
  for (std::size_t i = 0; i < metrics.size(); ++i)
    for (std::size_t place = 0; place < metrics[i].places(); ++place)
      CHECK(uut.get(static_cast<metric>(i), place) == ++n);
}
