#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <caf/error.hpp>
#include <caf/meta/type_name.hpp>

#include "flamigo/error/errc.hpp"

namespace flamigo::detail {

/// What one of our errors carries in its context message, which is shared by
/// all copies of the error. Left empty, a member means: as the code says.
struct onion {
  // -- for the client ---------------------------------------------------------

  std::string message;
  std::int32_t status = 0;
  std::string code;
  /// Pairs of field and error.
  std::vector<std::pair<std::string, std::string>> fields;
  /// In milliseconds; 0 says nothing.
  std::int64_t retry_after = 0;

  // -- for developers ---------------------------------------------------------

  /// Segments of the trace; the innermost comes first, so that wrapping
  /// appends.
  std::vector<std::string> path;
  /// The end of the trace, if it is neither `root` nor the public message.
  std::string cause;
  /// The error at the core, if it is not one of ours.
  caf::error root;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, onion& x) {
  return f(caf::meta::type_name("flamigo::onion"), x.message, x.status, x.code,
           x.fields, x.retry_after, x.path, x.cause, x.root);
}

/// The onion of an error; null when it has none, as most errors that consist
/// of a code only.
const onion* find_onion(const caf::error& err) noexcept;

/// Moves the onion out of an error, or makes one that says the same.
onion take_onion(caf::error err);

/// How the outside of any error, ours or not, is classified.
errc classify(const caf::error& err) noexcept;

/// Describes an error that is not one of ours, for developers.
std::string foreign_text(const caf::error& foreign);

/// Packs an onion.
caf::error pack(errc code, onion content);

} // namespace flamigo::detail
