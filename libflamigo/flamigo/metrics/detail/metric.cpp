#include "flamigo/metrics/detail/metric.hpp"

#include <algorithm>
#include <charconv>

namespace flamigo::detail {

namespace {

/// The place of a number among labels, or that of what stands for it.
template <class Labels>
std::size_t place_in(const Labels& labels, unsigned number,
                     std::string_view otherwise) noexcept {
  char digits[10];
  auto end = std::to_chars(digits, digits + sizeof(digits), number).ptr;
  std::string_view text{digits, static_cast<std::size_t>(end - digits)};
  auto i = std::find(labels.begin(), labels.end(), text);
  if (i == labels.end())
    i = std::find(labels.begin(), labels.end(), otherwise);
  return static_cast<std::size_t>(i - labels.begin());
}

} // namespace

std::size_t close_code_place(std::uint16_t code) noexcept {
  return place_in(close_code_labels, code, "other");
}

std::size_t status_place(int status) noexcept {
  if (status < 0)
    return place_in(status_labels, 0, "5xx");
  return place_in(status_labels, static_cast<unsigned>(status),
                  status < 400   ? "200"
                  : status < 500 ? "4xx"
                                 : "5xx");
}

std::size_t http_status_place(unsigned status) noexcept {
  return place_in(http_status_labels, status,
                  status < 300   ? "2xx"
                  : status < 400 ? "3xx"
                  : status < 500 ? "4xx"
                                 : "5xx");
}

} // namespace flamigo::detail
