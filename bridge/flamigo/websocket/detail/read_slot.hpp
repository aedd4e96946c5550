#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/asio/buffer.hpp>

#include "flamigo/io/detail/asio.hpp"

namespace flamigo::detail {

/// Holds one pending read of any type in place, since a connection is always
/// reading and an allocation a frame would show.
class read_slot {
public:
  read_slot() = default;

  read_slot(const read_slot&) = delete;

  read_slot& operator=(const read_slot&) = delete;

  ~read_slot() {
    if (ops_ != nullptr)
      ops_->destroy(storage_);
  }

  explicit operator bool() const noexcept {
    return ops_ != nullptr;
  }

  template <class Buffers, class Handler>
  void set(const Buffers& buffers, Handler&& handler) {
    using op = pending<Buffers, std::decay_t<Handler>>;
    static_assert(sizeof(op) <= capacity && alignof(op) <= alignment,
                  "a pending read does not fit its slot: enlarge it");
    ::new (static_cast<void*>(storage_))
      op{buffers, std::forward<Handler>(handler)};
    ops_ = &operations_of<op>;
  }

  /// Copies what fits and completes the read; returns how many bytes it took.
  /// The slot is free, and may be set again, before the handler runs. It may be
  /// gone afterwards.
  std::size_t complete(std::string_view bytes) {
    return std::exchange(ops_, nullptr)->complete(storage_, bytes);
  }

private:
  static constexpr std::size_t capacity = 216;
  static constexpr std::size_t alignment = alignof(std::max_align_t);

  template <class Buffers, class Handler>
  struct pending {
    Buffers buffers;
    Handler handler;
  };

  struct operations {
    std::size_t (*complete)(std::byte*, std::string_view);
    void (*destroy)(std::byte*);
  };

  template <class Op>
  static Op& get(std::byte* storage) {
    return *std::launder(reinterpret_cast<Op*>(storage));
  }

  template <class Op>
  static std::size_t complete_op(std::byte* storage, std::string_view bytes) {
    auto& op = get<Op>(storage);
    auto taken = net::buffer_copy(op.buffers,
                                  net::buffer(bytes.data(), bytes.size()));
    auto handler = std::move(op.handler);
    op.~Op();
    handler(error_code{}, taken);
    return taken;
  }

  template <class Op>
  static void destroy_op(std::byte* storage) {
    get<Op>(storage).~Op();
  }

  template <class Op>
  static constexpr operations operations_of{complete_op<Op>, destroy_op<Op>};

  const operations* ops_ = nullptr;
  alignas(alignment) std::byte storage_[capacity];
};

} // namespace flamigo::detail
