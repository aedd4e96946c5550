#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "flamigo/json/bytes.hpp"
#include "flamigo/json/json.hpp"
#include "flamigo/json/raw_json.hpp"
#include "flamigo/schema/detail/type_schema.hpp"

/// The tables of types that have no name; `record_shape.hpp` has the others.
/// Each is what `json_codec` of the type reads and writes.
namespace flamigo::detail {

template <schema_kind Kind>
struct simple_shape {
  static constexpr type_schema value{.kind = Kind};
};

/// Has `static constexpr type_schema value`. This one is of types that JSON
/// does not have, of which whoever reads or writes them complains, once.
template <class T>
struct schema_shape : simple_shape<schema_kind::any> {
  static_assert(!has_json<T>, "flamigo: this type has a codec and no schema");
};

template <class T>
const type_schema& table_of() {
  return schema_shape<T>::value;
}

template <>
struct schema_shape<bool> : simple_shape<schema_kind::boolean> {};

template <>
struct schema_shape<double> : simple_shape<schema_kind::real> {};

template <>
struct schema_shape<float> : simple_shape<schema_kind::short_real> {};

template <>
struct schema_shape<std::string> : simple_shape<schema_kind::text> {};

template <>
struct schema_shape<std::string_view> : simple_shape<schema_kind::text> {};

template <std::size_t N>
struct schema_shape<char[N]> : simple_shape<schema_kind::text> {};

template <>
struct schema_shape<const char*> : simple_shape<schema_kind::text> {};

template <>
struct schema_shape<bytes> : simple_shape<schema_kind::bytes> {};

template <>
struct schema_shape<raw_json> : simple_shape<schema_kind::any> {};

template <json_integer T>
struct schema_shape<T> {
  static constexpr type_schema value{
    .kind = schema_kind::integer,
    .min = static_cast<std::int64_t>(std::numeric_limits<T>::min()),
    .max = static_cast<std::uint64_t>(std::numeric_limits<T>::max())};
};

/// Those that are made of others.
template <schema_kind Kind, std::size_t Count, class... Ts>
struct composed_shape {
  static constexpr schema_table parts[] = {table_of<Ts>...};
  static constexpr type_schema value{.kind = Kind,
                                     .count = Count,
                                     .parts = parts};
};

template <class T>
  requires is_optional<T>
struct schema_shape<T>
  : composed_shape<schema_kind::nullable, 1,
                   std::remove_cvref_t<decltype(*std::declval<T&>())>> {
};

template <class T, class A>
struct schema_shape<std::vector<T, A>>
  : composed_shape<schema_kind::list, 1, T> {};

template <class T, std::size_t N>
struct schema_shape<std::array<T, N>> : composed_shape<schema_kind::row, N, T> {
};

template <class T, class U>
struct schema_shape<std::pair<T, U>>
  : composed_shape<schema_kind::tuple, 2, T, U> {};

template <class T>
  requires is_string_map<T>
struct schema_shape<T>
  : composed_shape<schema_kind::map, 1, typename T::mapped_type> {
};

template <keyed_map T>
struct schema_shape<T>
  : composed_shape<schema_kind::keyed_map, 2, typename T::mapped_type,
                   typename T::key_type> {};

template <class T>
  requires is_set<T>
struct schema_shape<T>
  : composed_shape<schema_kind::set, 1, typename T::value_type> {
};

template <class... Ts>
struct schema_shape<std::variant<Ts...>> {
  static constexpr schema_table parts[] = {table_of<Ts>...};
  static constexpr type_schema value{
    .kind = schema_kind::variant,
    .count = sizeof...(Ts),
    .names = json_codec<std::variant<Ts...>>::tags.data(),
    .parts = parts};
};

template <class D>
struct schema_shape<std::chrono::time_point<std::chrono::system_clock, D>>
  : simple_shape<is_days<D> ? schema_kind::date : schema_kind::time> {};

template <whole_duration D>
struct schema_shape<D> {
  static constexpr auto unit = json_codec<D>::unit;
  static constexpr type_schema value{
    .kind = unit.ticks > 1 ? schema_kind::fine_duration : schema_kind::duration,
    .min = unit.min,
    .max = static_cast<std::uint64_t>(unit.max),
    .count = static_cast<std::size_t>(unit.milliseconds)};
};

template <class Period>
struct schema_shape<std::chrono::duration<double, Period>>
  : simple_shape<schema_kind::real_duration> {};

} // namespace flamigo::detail
