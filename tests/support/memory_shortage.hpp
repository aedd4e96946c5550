#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

namespace flamigo::test {

/// Pieces of memory that this thread gets before there is one that it does not
/// get; negative while it gets all.
inline thread_local int pieces_left = -1;

/// Whether it gets those behind that one.
inline thread_local bool is_one_missing = false;

/// Whether a function fails when this thread gets so many pieces.
template <class F>
bool fails_with(int n, F what) {
  pieces_left = n;
  try {
    what();
    pieces_left = -1;
    return false;
  } catch (const std::bad_alloc&) {
    pieces_left = -1;
    return true;
  }
}

/// How a function ends for which the piece behind so many is missing.
struct missing_piece {
  /// Whether it has got to that piece.
  bool was_short = false;
  bool threw = false;
};

template <class F>
missing_piece without_piece(int n, F what) {
  missing_piece result;
  is_one_missing = true;
  result.threw = fails_with(n, [&] {
    try {
      what();
    } catch (const std::bad_alloc&) {
      result.was_short = pieces_left < 0;
      throw;
    }
    result.was_short = pieces_left < 0;
  });
  is_one_missing = false;
  return result;
}

} // namespace flamigo::test

// Of the whole program, so one of its files includes this. All other forms of
// new and delete come to these; AddressSanitizer's would not, and its form that
// returns null is what the forms of delete below may not take.
void* operator new(std::size_t size) {
  auto& left = flamigo::test::pieces_left;
  auto result = left != 0 ? std::malloc(size) : nullptr;
  if (left > 0 || (left == 0 && flamigo::test::is_one_missing))
    --left;
  if (result == nullptr)
    throw std::bad_alloc{};
  return result;
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return operator new(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

void operator delete(void* what) noexcept {
  std::free(what);
}

void operator delete(void* what, std::size_t) noexcept {
  std::free(what);
}
