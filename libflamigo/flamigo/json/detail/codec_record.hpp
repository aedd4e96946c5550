#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "flamigo/described/described.hpp"
#include "flamigo/described/detail/named_member.hpp"
#include "flamigo/described/detail/short_name.hpp"
#include "flamigo/error/field_error.hpp"
#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_optional.hpp"
#include "flamigo/json/detail/default_member.hpp"
#include "flamigo/json/detail/member_key.hpp"

namespace flamigo::detail {

/// Where the value of a described member was found.
struct found_member {
  const json_token* value = nullptr;
  bool twice = false;
};

/// Looks for `count` members of an object by their names; others are ignored.
/// Returns whether the token is an object at all. Two pointers, because to make
/// spans of its arrays each struct that is read would cost hundreds of types.
bool find_members(json_binder& in, const json_token& token,
                  const std::string_view* names, found_member* found,
                  std::size_t count);

/// What takes a copy of the errors adds to nothing.
template <class T>
concept validates_copy = requires(const T& x) {
  x.validate(std::vector<field_error>{});
};

template <class T>
concept self_validating
  = !validates_copy<
      T> && requires(const T& x, std::vector<field_error>& errors) {
  { x.validate(errors) } -> std::same_as<void>;
};

struct validate_probe {
  int validate;

  template <class T>
  static constexpr bool is_type = requires {
    static_cast<struct T::validate*>(nullptr);
  };

  template <class T>
  static constexpr bool is_named = requires {
    &T::validate;
  };

  template <class T, class... Ts>
  static constexpr bool is_called = requires(T& x, Ts... args) {
    x.validate(args...);
  };
};

/// A struct with a `validate` that is not called as it is written.
template <class T>
concept wrongly_validating
  = described_struct<T> && !self_validating<T> && !describes<T>("validate")
    && has_named<T, validate_probe>();

/// Calls the `validate` of a struct that has been read without errors, if it
/// has one.
template <class T>
void ask_rules([[maybe_unused]] json_binder& in, [[maybe_unused]] const T& x) {
  static_assert(!wrongly_validating<T>,
                "flamigo: the function validate of this struct is not one "
                "that is called. Write it as a public void "
                "validate(std::vector<flamigo::field_error>& errors) const");
  if constexpr (self_validating<T>) {
    std::vector<field_error> errors;
    x.validate(errors);
    in.fail(std::move(errors));
  }
}

/// Described structs: an object.
template <described_struct T>
struct json_codec<T> {
  using members = described_members<T>;

  static void read(json_binder& in, const json_token& token, T& x) {
    read_all(in, token, x, members{});
  }

  static void write(std::string& out, const T& x) {
    write_all(out, x, members{});
  }

  static std::string name() {
    return short_name<T>();
  }

private:
  // -- reading ----------------------------------------------------------------

  template <template <class...> class List, class... D>
  static void
  read_all(json_binder& in, const json_token& token, T& x, List<D...>) {
    static constexpr std::array<std::string_view, sizeof...(D)> names{
      D::name...};
    std::array<found_member, sizeof...(D)> found;
    if (!find_members(in, token, names.data(), found.data(), sizeof...(D)))
      return;
    auto before = in.failures();
    [[maybe_unused]] std::size_t i = 0;
    (read_member<D>(in, found[i++], x.*D::pointer), ...);
    if (in.failures() == before)
      ask_rules(in, x);
  }

  template <class D, class M>
  static void read_member(json_binder& in, const found_member& found, M& x) {
    constexpr bool readable = has_json_read<M>;
    if constexpr (!readable) {
      static_assert(readable,
                    "flamigo: a member of this struct cannot be read from "
                    "JSON. Describe its type with BOOST_DESCRIBE_STRUCT or "
                    "BOOST_DESCRIBE_ENUM, or use one of the types that "
                    "flamigo/json/json.hpp lists");
    } else {
      json_binder::scope here{in, D::name};
      if (found.twice)
        in.fail("stands twice");
      else if (found.value != nullptr)
        json_codec<M>::read(in, *found.value, x);
      else if (give_default<T, D>(x))
        return;
      else if constexpr (is_optional<M>)
        x.reset();
      else
        in.fail("is required");
    }
  }

  // -- writing ----------------------------------------------------------------

  template <template <class...> class List, class... D>
  static void write_all(std::string& out, const T& x, List<D...>) {
    // Overwritten by the first member: it begins with a comma.
    [[maybe_unused]] auto begin = out.size();
    (write_member<D>(out, x.*D::pointer), ...);
    if (out.size() == begin)
      out.push_back('{');
    else
      out[begin] = '{';
    out.push_back('}');
  }

  template <class D, class M>
  static void write_member(std::string& out, const M& x) {
    constexpr bool writable = has_json_write<M>;
    if constexpr (!writable) {
      static_assert(writable,
                    "flamigo: a member of this struct cannot be written as "
                    "JSON. Describe its type with BOOST_DESCRIBE_STRUCT or "
                    "BOOST_DESCRIBE_ENUM, or use one of the types that "
                    "flamigo/json/json.hpp lists");
    } else {
      if constexpr (is_optional<M>) {
        if (!x)
          return;
      }
      static constexpr auto key = member_key<name_size(D::name)>(D::name);
      out.append(key.data(), key.size());
      json_codec<M>::write(out, x);
    }
  }
};

} // namespace flamigo::detail
