#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <vector>

namespace flamigo::load {

/// Keeps the books of who has heard what: each subscriber has to hear the
/// events of each publisher, which are numbered from zero, once and in order.
class delivery_ledger {
public:
  delivery_ledger(std::size_t subscribers, std::size_t publishers);

  void heard(std::size_t subscriber, std::size_t publisher,
             std::uint64_t number);

  /// Deliveries, without those that came twice.
  std::uint64_t delivered() const {
    return delivered_;
  }

  std::uint64_t duplicated() const {
    return duplicated_;
  }

  /// Deliveries that came after a later one.
  std::uint64_t reordered() const {
    return reordered_;
  }

  /// What has not come, given how many events each publisher has published.
  std::uint64_t missing(std::span<const std::uint64_t> published) const;

private:
  struct entry {
    /// All below it were heard, but for the ones left out.
    std::uint64_t next = 0;
    std::set<std::uint64_t> left_out;
  };

  std::size_t subscribers_;
  std::size_t publishers_;
  std::vector<entry> entries_;
  std::uint64_t delivered_ = 0;
  std::uint64_t duplicated_ = 0;
  std::uint64_t reordered_ = 0;
};

} // namespace flamigo::load
