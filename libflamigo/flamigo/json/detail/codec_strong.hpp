#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "flamigo/described/described.hpp"
#include "flamigo/described/detail/short_name.hpp"
#include "flamigo/error/field_error.hpp"
#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_record.hpp"
#include "flamigo/json/strong_typedef.hpp"

namespace flamigo::detail {

template <class T>
concept strong_typedef = described_struct<T> && is_strong_typedef<T>;

/// The only member of a strong typedef; the first if there are more.
template <class List>
struct only_member {
  static constexpr bool there = false;
};

template <template <class...> class List, class D, class... Others>
struct only_member<List<D, Others...>> {
  static constexpr bool there = sizeof...(Others) == 0;
  using type = D;
};

template <strong_typedef T>
using wrapped_member = typename only_member<described_members<T>>::type;

template <strong_typedef T>
using wrapped_type = member_type<T, wrapped_member<T>>;

/// Strong typedefs: as their member.
template <strong_typedef T>
struct json_codec<T> {
  static_assert(only_member<described_members<T>>::there,
                "flamigo: a strong typedef is a struct that describes one "
                "member, which its JSON is that of");

  using wrapped = wrapped_type<T>;

  static void read(json_binder& in, const json_token& token,
                   T& x) requires has_json_read<wrapped> {
    auto before = in.failures();
    json_codec<wrapped>::read(in, token, x.*wrapped_member<T>::pointer);
    if (in.failures() == before)
      ask_rules(in, x);
  }

  static void write(std::string& out,
                    const T& x) requires has_json_write<wrapped> {
    json_codec<wrapped>::write(out, x.*wrapped_member<T>::pointer);
  }

  static std::string name() {
    return short_name<T>();
  }
};

} // namespace flamigo::detail
