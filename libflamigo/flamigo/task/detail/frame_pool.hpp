#pragma once

#include <cstddef>

/// Where the frames of coroutines come from: a thread keeps what its coroutines
/// have left behind, so that a frame costs neither a lock nor a search. A frame
/// may be freed by another thread than the one that has made it.
namespace flamigo::detail::frame_pool {

/// Larger frames come from the heap.
inline constexpr std::size_t max_bytes = 2'048;

/// Sizes are rounded up to a multiple of this.
inline constexpr std::size_t grain = 128;

/// Frames of one size that a thread keeps; one more goes back to the heap. All
/// sizes together are a little more than a megabyte.
inline constexpr std::size_t max_kept = 64;

/// Throws std::bad_alloc.
void* allocate(std::size_t bytes);

/// `bytes` as it was asked for.
void release(void* what, std::size_t bytes) noexcept;

/// How many frames the calling thread keeps.
std::size_t kept() noexcept;

} // namespace flamigo::detail::frame_pool
