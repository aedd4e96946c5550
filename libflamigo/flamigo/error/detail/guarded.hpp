#pragma once

#include <exception>
#include <string>
#include <type_traits>

#include <caf/error.hpp>

/// The boundary between us and the functions of an application. Every one of
/// them is called through this, so that whatever it throws is an error of ours
/// and the server goes on.
namespace flamigo::detail {

/// What a catch block is about to handle: what a `thrown_error` has, else
/// `errc::internal` with the text of a std::exception or the name of any other
/// type. Without memory for the text the
/// error has none. Throws std::bad_alloc if there is none for an error either,
/// which is then the business of the actor that runs.
caf::error caught();

/// The same of an exception that was kept, as CAF's exception handlers get it.
caf::error caught(const std::exception_ptr& what);

/// Its text alone, for the log. Throws std::bad_alloc.
std::string text_of_caught();

/// Calls a function that has something to return. What it throws becomes an
/// error, and `instead` says what is returned for that.
template <class F, class G>
std::invoke_result_t<F&> guarded(F&& run, G&& instead) {
  try {
    return run();
  } catch (...) {
    return instead(caught());
  }
}

/// What an application hands to us has to be destroyed by us.
template <class... Ts>
inline constexpr bool ends_quietly
  = (std::is_nothrow_destructible_v<Ts> && ...);

} // namespace flamigo::detail
