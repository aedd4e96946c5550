#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "flamigo/domain/domain_handle.hpp"
#include "flamigo/strategy/detail/shard_hash.hpp"

namespace flamigo {

/// A domain that is sharded by a key, through all restarts of its shards; what
/// `host_sharded` returns. Copy it freely, and use it on any thread.
template <class K>
class sharded_handle {
public:
  /// Of no domain.
  sharded_handle() = default;

  /// Made by `host_sharded`.
  explicit sharded_handle(std::vector<domain_handle> shards)
    : shards_(std::move(shards)) {
    auto& first = shards_.front().name();
    name_ = first.substr(0, first.rfind('/'));
  }

  /// `app::orders`, whose shards are `app::orders/0` and so on.
  const std::string& name() const noexcept {
    return name_;
  }

  /// How many shards there are.
  std::size_t size() const noexcept {
    return shards_.size();
  }

  /// One of them.
  const domain_handle& operator[](std::size_t index) const {
    return shards_[index];
  }

  /// The one that has this key: a CAF message to it meets the same state as the
  /// key's strategies. Not of a handle of no domain.
  const domain_handle& of(const K& key) const {
    return shards_[detail::shard_hash(key) % shards_.size()];
  }

  /// Whether all take what they are sent.
  bool ok() const noexcept {
    return !shards_.empty()
           && std::all_of(shards_.begin(), shards_.end(),
                          [](auto& x) { return x.ok(); });
  }

  /// All of them.
  auto begin() const noexcept {
    return shards_.begin();
  }

  /// Behind the last one.
  auto end() const noexcept {
    return shards_.end();
  }

private:
  std::string name_;
  std::vector<domain_handle> shards_;
};

} // namespace flamigo
