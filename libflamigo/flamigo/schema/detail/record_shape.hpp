#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include "flamigo/described/described.hpp"
#include "flamigo/described/description.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/schema/detail/definition_name.hpp"
#include "flamigo/schema/detail/described_text.hpp"
#include "flamigo/schema/detail/shape.hpp"
#include "flamigo/schema/detail/type_schema.hpp"

namespace flamigo::detail {

template <class T, class D>
bool append_default_of(std::string& out) {
  if (!has_default<T, D>())
    return false;
  json_codec<member_type<T, D>>::write(out, T{}.*D::pointer);
  return true;
}

template <class T, class D>
constexpr member_schema member_schema_of() {
  using M = member_type<T, D>;
  member_schema result{
    .name = D::name, .about = text_of_member<T>(D::name), .type = table_of<M>};
  if constexpr (std::is_default_constructible_v<T> && has_json_write<M>)
    if constexpr (known_default<T, D>() != default_state::none)
      result.append_default = append_default_of<T, D>;
  return result;
}

/// The tables of structs.
template <described_struct T>
struct schema_shape<T> {
private:
  template <template <class...> class L, class... D>
  static constexpr auto members_of(L<D...>) {
    static_assert(tells_of_known_names<T, D...>(),
                  "flamigo: flamigo::describe of this struct tells of a member "
                  "that BOOST_DESCRIBE_STRUCT does not name");
    return std::array<member_schema, sizeof...(D)>{member_schema_of<T, D>()...};
  }

  static constexpr auto members = members_of(described_members<T>{});

public:
  static constexpr type_schema value{.kind = schema_kind::record,
                                     .count = members.size(),
                                     .members = members.data(),
                                     .name = full_name_view<T>(),
                                     .make_name = template_name<T>::make,
                                     .about = describe<T>.text,
                                     .has_rules = self_validating<T>};
};

/// The tables of strong typedefs.
template <strong_typedef T>
struct schema_shape<T> {
  static constexpr schema_table parts[] = {table_of<wrapped_type<T>>};
  static constexpr type_schema value{.kind = schema_kind::strong,
                                     .count = 1,
                                     .parts = parts,
                                     .name = full_name_view<T>(),
                                     .make_name = template_name<T>::make,
                                     .about = describe<T>.text,
                                     .has_rules = self_validating<T>};
};

/// The tables of enums.
template <described_enum T>
struct schema_shape<T> {
private:
  template <template <class...> class L, class... D>
  static constexpr auto abouts_of(L<D...>) {
    static_assert(tells_of_known_names<T, D...>(),
                  "flamigo: flamigo::describe of this enum tells of a name "
                  "that BOOST_DESCRIBE_ENUM does not have");
    return std::array<std::string_view, sizeof...(D)>{
      text_of_member<T>(D::name)...};
  }

  static constexpr auto abouts
    = abouts_of(boost::describe::describe_enumerators<T>{});

public:
  static constexpr type_schema value{.kind = schema_kind::enumeration,
                                     .count = abouts.size(),
                                     .names = json_codec<T>::names.data(),
                                     .name = full_name_view<T>(),
                                     .make_name = template_name<T>::make,
                                     .about = describe<T>.text,
                                     .abouts = abouts.data()};
};

} // namespace flamigo::detail
