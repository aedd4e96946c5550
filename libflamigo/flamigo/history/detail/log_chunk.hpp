#pragma once

#include <cstddef>
#include <cstdint>
#include <new>

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>

namespace flamigo::detail {

/// A piece of a log, with its bytes behind it in the same memory. What has been
/// written into it does not change, so whoever has a reference reads that
/// whatever becomes of the log.
class log_chunk
  : public boost::intrusive_ref_counter<log_chunk, boost::thread_safe_counter> {
public:
  /// An empty one. Throws std::bad_alloc.
  static boost::intrusive_ptr<log_chunk> make(std::size_t capacity,
                                              std::uint64_t first) {
    return new (room{capacity}) log_chunk{capacity, first};
  }

  std::size_t capacity() const noexcept {
    return capacity_;
  }

  /// The offset of its first event.
  std::uint64_t first() const noexcept {
    return first_;
  }

  const char* data() const noexcept {
    return reinterpret_cast<const char*>(this + 1);
  }

  /// Where what is written next begins.
  std::size_t used() const noexcept {
    return used_;
  }

  /// Returns the place for so many bytes more.
  /// @pre there are as many
  char* extend(std::size_t bytes) noexcept {
    auto where = reinterpret_cast<char*>(this + 1) + used_;
    used_ += static_cast<std::uint32_t>(bytes);
    return where;
  }

  static void operator delete(void* what) noexcept {
    ::operator delete(what);
  }

private:
  /// Bytes behind the object.
  struct room {
    std::size_t bytes;
  };

  log_chunk(std::size_t capacity, std::uint64_t first) noexcept
    : capacity_(static_cast<std::uint32_t>(capacity)), first_(first) {
  }

  static void* operator new(std::size_t size, room more) {
    return ::operator new(size + more.bytes);
  }

  static void operator delete(void* what, room) noexcept {
    ::operator delete(what);
  }

  std::uint32_t capacity_;
  std::uint32_t used_ = 0;
  std::uint64_t first_;
};

using log_chunk_ptr = boost::intrusive_ptr<const log_chunk>;

} // namespace flamigo::detail
