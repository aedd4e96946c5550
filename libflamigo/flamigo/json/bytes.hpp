#pragma once

#include <string>

#include <caf/meta/type_name.hpp>

namespace flamigo {

/// Bytes that are no text: a member of a struct, or the whole input or output
/// of a strategy, or what an event or a question tells. In JSON they are a
/// string in base64 with its padding (RFC 4648, 4). Clients of Socket.IO send
/// and get them as they are, where a type has this (docs/socketio.md).
struct bytes {
  /// As they are.
  std::string data;
};

inline bool operator==(const bytes& x, const bytes& y) {
  return x.data == y.data;
}

/// Makes it an actor message, see `flamigo/inspect.hpp`.
template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, bytes& x) {
  return f(caf::meta::type_name("bytes"), x.data);
}

} // namespace flamigo
