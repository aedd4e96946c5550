#include "findings.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <utility>

namespace flamigo::soak {

namespace {

constexpr auto moment = std::chrono::milliseconds{500};

} // namespace

void findings::add(time_point when, std::string_view promise,
                   std::string detail) {
  latest_.push_back({when, std::string{promise}, std::move(detail)});
}

void findings::settle(time_point now) {
  auto end = std::ranges::find_if(latest_, [&](const note& x) {
    return now - x.when < moment;
  });
  for (auto i = latest_.begin(); i != end; ++i) {
    auto& x = all_[i->promise];
    if (x.count++ == 0)
      x.first = std::move(i->detail);
  }
  latest_.erase(latest_.begin(), end);
}

void findings::print(std::ostream& out) const {
  for (auto& [promise, what] : all_) {
    out << "broken: " << promise << " (" << what.count << " times";
    if (!what.first.empty())
      out << ", first: " << what.first;
    out << ")\n";
  }
}

} // namespace flamigo::soak
