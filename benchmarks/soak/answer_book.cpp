#include "answer_book.hpp"

#include <algorithm>

namespace flamigo::soak {

std::uint64_t answer_book::ask(lane who, question::time_point now,
                               std::uint64_t note) {
  open_[static_cast<std::size_t>(who)].push_back({++last_, who, now, note});
  return last_;
}

answer_book::verdict answer_book::answered(std::uint64_t id, question& what) {
  for (auto& waiting : open_) {
    auto i = std::ranges::lower_bound(waiting, id, {}, &question::id);
    if (i == waiting.end() || i->id != id)
      continue;
    what = *i;
    auto in_order = i == waiting.begin() || what.who == lane::later;
    waiting.erase(i);
    return in_order ? verdict::right : verdict::out_of_order;
  }
  return id >= 1 && id <= last_ ? verdict::twice : verdict::unknown;
}

std::size_t answer_book::open() const {
  std::size_t result = 0;
  for (auto& waiting : open_)
    result += waiting.size();
  return result;
}

std::optional<question> answer_book::oldest() const {
  std::optional<question> result;
  for (auto& waiting : open_)
    if (!waiting.empty() && (!result || waiting.front().id < result->id))
      result = waiting.front();
  return result;
}

} // namespace flamigo::soak
