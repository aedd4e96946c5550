#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/wire/detail/ack_id.hpp"
#include "flamigo/wire/envelope.hpp"

namespace flamigo::detail {

/// Which messages of a client wait in the mailbox of its actor, in the order in
/// which they came.
class message_stash {
public:
  struct entry {
    std::uint32_t number;
    /// Empty if it has none.
    std::string topic;
    std::string ack_id;
  };

  bool empty() const noexcept {
    return entries_.empty();
  }

  std::size_t size() const noexcept {
    return entries_.size();
  }

  /// Returns the number by which it is taken out.
  std::uint32_t add(const flamigo::client_request& req) {
    entries_.push_back(
      {++count_, std::string{req.topic}, std::string{req.ack_id}});
    return count_;
  }

  /// False if it is not there any more.
  bool take(std::uint32_t number) {
    return std::erase_if(entries_,
                         [number](auto& x) { return x.number == number; })
           != 0;
  }

  /// Takes out those that bear this id.
  std::vector<entry> take_all(std::string_view ack_id) {
    auto is_it = [ack_id](const entry& x) {
      return same_ack_id(x.ack_id, ack_id);
    };
    auto first = std::stable_partition(entries_.begin(), entries_.end(),
                                       std::not_fn(is_it));
    std::vector<entry> result(std::make_move_iterator(first),
                              std::make_move_iterator(entries_.end()));
    entries_.erase(first, entries_.end());
    return result;
  }

private:
  std::vector<entry> entries_;
  std::uint32_t count_ = 0;
};

} // namespace flamigo::detail
