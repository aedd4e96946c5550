#pragma once

// libstdc++ asks for a macro that clang 14 does not set although it knows
// coroutines.
#if defined(__clang__) && __clang_major__ < 15 && !defined(__cpp_impl_coroutine)
#  define __cpp_impl_coroutine 201902L
#endif

#include <coroutine>
