#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace flamigo {

/// What people are told of one member of a struct, or of one name of an enum.
struct member_description {
  /// As it was described.
  std::string_view name;
  /// A sentence or more.
  std::string_view text;
};

/// What people are told of a type, see `describe`. The texts must live as long
/// as the program: literals.
template <std::size_t N>
struct description {
  /// Tells of the type only.
  constexpr description(std::string_view text_) : text(text_) { // NOLINT
    // nop
  }

  /// Tells of some of its members, too, in any order. One of a base may stand
  /// here or with the base.
  template <std::size_t M>
    requires(M == N)
  constexpr description(std::string_view text_,
                        const member_description (&members_)[M])
    : text(text_) {
    std::copy(members_, members_ + M, members.begin());
  }

  /// A sentence or more, or nothing.
  std::string_view text;
  /// As they were given.
  std::array<member_description, N> members{};
};
/// Of a type without its members.
description(std::string_view)->description<0>;
/// Of as many members as are told of.
template <std::size_t N>
description(std::string_view, const member_description (&)[N])
  -> description<N>;

/// Tells people of a described struct or enum, where schemas are made of it.
/// Nothing else looks at it, and a type need not have one. Outside of all
/// namespaces, below the type:
///
///   template <>
///   inline constexpr auto flamigo::describe<chat::post>
///     = flamigo::description{"Something that is said in a room.",
///                            {{"room", "Where."},
///                             {"text", "At most 500 characters."}}};
///
/// A name that the type does not have does not compile, where a schema is made.
template <class T>
inline constexpr description<0> describe{std::string_view{}};

} // namespace flamigo
