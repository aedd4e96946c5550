#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

namespace flamigo::detail {

/// A set of pointers, none of them null, in 24 bytes: most have one element or
/// a few, and some have a million. One element is kept in place, a few as a
/// list, more in a table with open addressing. An allocation is made by
/// `insert`, and by `erase` when most of the memory is not used any more.
template <class T>
class pointer_set {
public:
  pointer_set() noexcept = default;

  pointer_set(const pointer_set&) = delete;

  pointer_set& operator=(const pointer_set&) = delete;

  std::size_t size() const noexcept {
    return size_;
  }

  bool empty() const noexcept {
    return size_ == 0;
  }

  /// False when it was there.
  bool insert(T* what) {
    if (find(what) != nullptr)
      return false;
    if (is_full())
      resize(size_ + 1);
    put(what);
    return true;
  }

  /// False when it was not there.
  bool erase(T* what) {
    auto* where = find(what);
    if (where == nullptr)
      return false;
    --size_;
    if (is_list())
      *where = cells()[size_];
    else
      close_gap(static_cast<std::size_t>(where - many_.get()));
    if (capacity_ > 0 && size_ * 8U <= capacity_)
      resize(size_);
    return true;
  }

  template <class F>
  void for_each(F f) const {
    auto* all = cells();
    auto count = is_list() ? size_ : capacity_;
    for (std::uint32_t i = 0; i < count; ++i)
      if (is_list() || all[i] != nullptr)
        f(*all[i]);
  }

private:
  static constexpr std::uint32_t longest_list = 16;

  bool is_list() const noexcept {
    return capacity_ <= longest_list;
  }

  /// A table is half full at most.
  bool is_full() const noexcept {
    return is_list() ? size_ == std::max(capacity_, 1U)
                     : size_ * 2U >= capacity_;
  }

  T* const* cells() const noexcept {
    return capacity_ == 0 ? &one_ : many_.get();
  }

  T** cells() noexcept {
    return capacity_ == 0 ? &one_ : many_.get();
  }

  std::size_t mask() const noexcept {
    return capacity_ - 1;
  }

  std::size_t home_of(T* what) const noexcept {
    // The upper bits of a product depend on all bits of a pointer.
    auto hash = std::uint64_t{reinterpret_cast<std::uintptr_t>(what)}
                * 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>(hash >> 32U) & mask();
  }

  T* const* find(T* what) const noexcept {
    auto* all = cells();
    if (is_list()) {
      auto* end = all + size_;
      auto* i = std::find(all, end, what);
      return i != end ? i : nullptr;
    }
    for (auto i = home_of(what); all[i] != nullptr; i = (i + 1) & mask())
      if (all[i] == what)
        return all + i;
    return nullptr;
  }

  T** find(T* what) noexcept {
    return const_cast<T**>(std::as_const(*this).find(what));
  }

  /// Where there is room.
  void put(T* what) noexcept {
    auto* all = cells();
    std::size_t i = size_;
    if (!is_list())
      for (i = home_of(what); all[i] != nullptr; i = (i + 1) & mask())
        ;
    all[i] = what;
    ++size_;
  }

  /// Moves back what stands behind its home because of the one that has gone.
  void close_gap(std::size_t gap) noexcept {
    for (auto i = (gap + 1) & mask(); many_[i] != nullptr;
         i = (i + 1) & mask()) {
      auto from_home = (i - home_of(many_[i])) & mask();
      if (from_home >= ((i - gap) & mask())) {
        many_[gap] = many_[i];
        gap = i;
      }
    }
    many_[gap] = nullptr;
  }

  /// Takes memory for so many and some more.
  void resize(std::uint32_t count) {
    pointer_set next;
    if (count > longest_list)
      next.capacity_ = std::bit_ceil(count) * 2;
    else if (count > 1)
      next.capacity_ = std::max(4U, std::bit_ceil(count));
    if (next.capacity_ == capacity_)
      return;
    if (next.capacity_ > 0)
      next.many_ = std::make_unique<T*[]>(next.capacity_);
    for_each([&next](T& x) { next.put(&x); });
    std::swap(one_, next.one_);
    many_.swap(next.many_);
    std::swap(capacity_, next.capacity_);
  }

  T* one_ = nullptr;
  std::unique_ptr<T*[]> many_;
  std::uint32_t size_ = 0;
  /// Of `many_`.
  std::uint32_t capacity_ = 0;
};

} // namespace flamigo::detail
