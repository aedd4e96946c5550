#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "flamigo/wire/client_request.hpp"
#include "flamigo/wire/wire_format.hpp"

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

  /// Takes out those that the client calls by this name.
  std::vector<entry> take_all(const wire_format& format,
                              std::string_view name) {
    auto is_it = [&format, name](const entry& x) {
      return format.is_named(x.ack_id, name);
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
