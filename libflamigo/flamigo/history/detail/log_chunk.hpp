#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

namespace flamigo::detail {

/// A piece of a log. What has been written into it does not change, so whoever
/// has a reference reads that while more is written behind it.
class log_chunk
  : public boost::intrusive_ref_counter<log_chunk, boost::thread_safe_counter> {
public:
  log_chunk(std::size_t capacity, std::uint64_t first)
    : bytes_(std::make_unique_for_overwrite<char[]>(capacity)),
      capacity_(capacity), first_(first) {
  }

  std::size_t capacity() const noexcept {
    return capacity_;
  }

  std::size_t free() const noexcept {
    return capacity_ - used_;
  }

  /// The offset of its first event.
  std::uint64_t first() const noexcept {
    return first_;
  }

  const char* data() const noexcept {
    return bytes_.get();
  }

  /// Where what is written next begins.
  std::size_t used() const noexcept {
    return used_;
  }

  /// Returns the place for so many bytes more.
  /// @pre there are as many
  char* extend(std::size_t bytes) noexcept {
    auto where = bytes_.get() + used_;
    used_ += bytes;
    return where;
  }

  /// Undoes that, of what nobody has seen.
  void take_back(std::size_t bytes) noexcept {
    used_ -= bytes;
  }

private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_;
  std::size_t used_ = 0;
  std::uint64_t first_;
};

using log_chunk_ptr = boost::intrusive_ptr<const log_chunk>;

} // namespace flamigo::detail
