#include "flamigo/error/detail/guarded.hpp"

#include <typeinfo>

#include <cxxabi.h>

#include <boost/core/demangle.hpp>

#include "flamigo/error/error.hpp"
#include "flamigo/error/thrown_error.hpp"

namespace flamigo::detail {

namespace {

std::string text_of(const std::exception& what) {
  // Nothing keeps an exception of the application from having no text.
  auto text = what.what();
  return "exception: "
         + (text != nullptr && *text != '\0'
              ? text
              : boost::core::demangle(typeid(what).name()));
}

/// Of what is no std::exception, only the type is known.
std::string text_of_foreign() {
  auto type = abi::__cxa_current_exception_type();
  return "exception of "
         + (type != nullptr ? "type " + boost::core::demangle(type->name())
                            : "an unknown type");
}

} // namespace

std::string text_of_caught() {
  try {
    throw;
  } catch (const std::exception& e) {
    return text_of(e);
  } catch (...) {
    return text_of_foreign();
  }
}

caf::error caught() {
  try {
    throw;
  } catch (const thrown_error& e) {
    if (e.error())
      return e.error();
  } catch (...) {
    // Told below.
  }
  try {
    return internal_error(text_of_caught());
  } catch (...) {
    return make_error(errc::internal);
  }
}

caf::error caught(const std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (...) {
    return caught();
  }
}

} // namespace flamigo::detail
