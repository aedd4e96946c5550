#include "delivery_ledger.hpp"

namespace flamigo::load {

delivery_ledger::delivery_ledger(std::size_t subscribers,
                                 std::size_t publishers)
  : subscribers_(subscribers), publishers_(publishers),
    entries_(subscribers * publishers) {
}

void delivery_ledger::heard(std::size_t subscriber, std::size_t publisher,
                            std::uint64_t number) {
  auto& x = entries_[subscriber * publishers_ + publisher];
  if (number >= x.next) {
    for (; x.next < number; ++x.next)
      x.left_out.insert(x.next);
    ++x.next;
    ++delivered_;
  } else if (x.left_out.erase(number) > 0) {
    ++reordered_;
    ++delivered_;
  } else {
    ++duplicated_;
  }
}

std::uint64_t
delivery_ledger::missing(std::span<const std::uint64_t> published) const {
  std::uint64_t expected = 0;
  for (auto count : published)
    expected += count * subscribers_;
  return expected - delivered_;
}

} // namespace flamigo::load
