#include "flamigo/task/detail/frame_pool.hpp"

#include <array>
#include <new>

// What is kept here is what a sanitizer is to see as freed.
#if defined(__SANITIZE_ADDRESS__)
#  define FLAMIGO_KEEPS_FRAMES 0
#elif defined(__has_feature)
#  if __has_feature(address_sanitizer)
#    define FLAMIGO_KEEPS_FRAMES 0
#  endif
#endif
#ifndef FLAMIGO_KEEPS_FRAMES
#  define FLAMIGO_KEEPS_FRAMES 1
#endif

namespace flamigo::detail::frame_pool {

namespace {

constexpr bool keeps = FLAMIGO_KEEPS_FRAMES != 0;

constexpr std::size_t sizes = max_bytes / grain;

struct kept_frame {
  kept_frame* next;
};

struct stack {
  kept_frame* top = nullptr;
  std::size_t size = 0;
};

enum class phase : unsigned char {
  unused,
  open,
  closed
};

// Without a destructor: frames may be freed when those of the thread have run.
constinit thread_local std::array<stack, sizes> stacks{};
constinit thread_local phase state = phase::unused;

struct closer {
  ~closer() {
    state = phase::closed;
    for (auto& x : stacks) {
      while (x.top != nullptr) {
        auto frame = x.top;
        x.top = frame->next;
        ::operator delete(frame);
      }
      x.size = 0;
    }
  }
};

bool begin() noexcept {
  if (state == phase::unused) {
    static thread_local closer at_the_end;
    state = phase::open;
    (void) at_the_end;
  }
  return state == phase::open;
}

stack& stack_of(std::size_t bytes) noexcept {
  return stacks[(bytes - 1) / grain];
}

} // namespace

void* allocate(std::size_t bytes) {
  if (!keeps || bytes > max_bytes)
    return ::operator new(bytes);
  auto& from = stack_of(bytes);
  if (from.top != nullptr) {
    --from.size;
    auto result = from.top;
    from.top = result->next;
    return result;
  }
  return ::operator new((bytes + grain - 1) / grain * grain);
}

void release(void* what, std::size_t bytes) noexcept {
  if (!keeps || bytes > max_bytes)
    return ::operator delete(what);
  auto& to = stack_of(bytes);
  if (to.size >= max_kept || (state != phase::open && !begin()))
    return ::operator delete(what);
  ++to.size;
  to.top = new (what) kept_frame{to.top};
}

std::size_t kept() noexcept {
  std::size_t result = 0;
  for (auto& x : stacks)
    result += x.size;
  return result;
}

} // namespace flamigo::detail::frame_pool
