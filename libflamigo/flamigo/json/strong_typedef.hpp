#pragma once

namespace flamigo {

/// Whether a described struct is but another type for its only member, so that
/// its JSON is that of the member: `"42"` and not `{"value":"42"}`. It may have
/// a `validate`, and may be a key of a map if its member may. Outside of all
/// namespaces, below the struct:
///
///   template <>
///   inline constexpr bool flamigo::is_strong_typedef<chat::room_id> = true;
template <class T>
inline constexpr bool is_strong_typedef = false;

} // namespace flamigo
