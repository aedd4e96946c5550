#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "flamigo/described/described.hpp"
#include "flamigo/json/bytes.hpp"
#include "flamigo/json/detail/binder.hpp"
#include "flamigo/json/detail/codec.hpp"
#include "flamigo/json/detail/codec_bytes.hpp"
#include "flamigo/json/detail/codec_duration.hpp"
#include "flamigo/json/detail/codec_enum.hpp"
#include "flamigo/json/detail/codec_keyed_map.hpp"
#include "flamigo/json/detail/codec_map.hpp"
#include "flamigo/json/detail/codec_number.hpp"
#include "flamigo/json/detail/codec_optional.hpp"
#include "flamigo/json/detail/codec_pointer.hpp"
#include "flamigo/json/detail/codec_record.hpp"
#include "flamigo/json/detail/codec_sequence.hpp"
#include "flamigo/json/detail/codec_set.hpp"
#include "flamigo/json/detail/codec_strong.hpp"
#include "flamigo/json/detail/codec_text.hpp"
#include "flamigo/json/detail/codec_time.hpp"
#include "flamigo/json/detail/codec_variant.hpp"
#include "flamigo/json/detail/tape.hpp"
#include "flamigo/json/raw_json.hpp"
#include "flamigo/json/strong_typedef.hpp"

/// JSON to C++ and back. These types take part:
///
/// | C++                                       | JSON                         |
/// | ----------------------------------------- | ---------------------------- |
/// | `bool`                                    | `true`, `false`              |
/// | integers                                  | a number, range checked      |
/// | `double`, `float`                         | a number                     |
/// | `std::string`                             | a string                     |
/// | literals, `std::string_view`              | a string, only written       |
/// | an enum, BOOST_DESCRIBE_ENUM              | its name                     |
/// | a struct, BOOST_DESCRIBE_STRUCT           | an object, bases included    |
/// | a strong typedef, `is_strong_typedef`     | what its member is           |
/// | `std::vector`, `std::array`, `std::pair`  | an array                     |
/// | `std::set`, `std::unordered_set`          | an array, nothing twice      |
/// | `std::map`, `std::unordered_map` from     | an object                    |
/// | `std::string`, an integer, an enum, or a  |                              |
/// | strong typedef of one                     |                              |
/// | `std::variant` of structs                 | the struct with its name:    |
/// |                                           | `{"type":"circle","r":1}`    |
/// | `std::optional`, `std::unique_ptr`,       | the value, `null` or nothing |
/// | `std::shared_ptr`                         |                              |
/// | `std::chrono::sys_time<D>` of hours, ...  | a time of RFC 3339           |
/// | nanoseconds                               |                              |
/// | `std::chrono::sys_days`                   | a date of RFC 3339           |
/// | `std::chrono::duration`                   | a number of milliseconds     |
/// | `bytes`                                   | a string in base64           |
/// | `raw_json`                                | any value                    |
///
/// Members that a struct does not have are ignored; those that it has must be
/// there once, unless they are optional or have a default: `int limit = 20;`. A
/// default that is an empty text, list or struct (`std::string name = "";`)
/// cannot be told from none; nor can a zero in a struct that is not made in a
/// constant expression, as one with a `std::map`. A struct may check more than
/// types:
///
///   void validate(std::vector<flamigo::field_error>& errors) const;
///
/// is called once the struct itself has been read without errors, and adds what
/// it finds, with paths that begin at the struct.
///
/// A time is written in UTC with the digits of its type, and read with any
/// offset and any number of digits, of which those that are too fine are
/// dropped. Durations are milliseconds as all numbers of the protocol that end
/// in `Ms` are: whole ones that are a multiple of the type's unit, or with a
/// fraction where the unit is finer, which is rounded then. A time or a real
/// number that JSON cannot express, a value of an enum without a name, and a
/// std::variant without a value are written as `null`.
///
/// Texts are at most 128 levels deep, so that pointers from a struct to the
/// next of its kind end there as well; what is written is as deep as it is, and
/// must not come back to itself.
///
/// Nothing here is bound to a thread.
namespace flamigo {

/// Types that `from_json` reads. A struct must be described; whether its
/// members can be read as well is not part of the question.
template <class T>
concept json_readable = detail::has_json_read<T>;

/// Types that `append_json` writes.
template <class T>
concept json_writable = detail::has_json_write<T>;

namespace detail {

/// Reads a value that has been taken apart before.
template <class T>
caf::error bind_json(const json_token& value, T& out) {
  json_binder binder;
  json_codec<T>::read(binder, value, out);
  return binder.result();
}

} // namespace detail

/// Reads one JSON value into `out`. Fails with `errc::malformed` if the text is
/// not JSON, else with `errc::invalid_payload` and all that does not fit, at
/// most 64 errors, in the order in which the struct declares its members. `out`
/// is some valid value then.
template <class T>
caf::error from_json(std::string_view json, T& out) {
  // A variable, so that the compiler has nothing to say but the sentence.
  constexpr bool readable = json_readable<T>;
  if constexpr (!readable) {
    static_assert(readable,
                  "flamigo: this type cannot be read from JSON. Describe the "
                  "struct with BOOST_DESCRIBE_STRUCT(name, (bases), (members)) "
                  "in its own namespace, make it default constructible, or use "
                  "one of the types that flamigo/json/json.hpp lists");
    return {};
  } else if constexpr (std::same_as<T, raw_json>) {
    // Nothing to look into, so there is no need for tokens.
    std::string_view slice;
    if (auto failure = detail::check_json(json, slice))
      return detail::to_error(failure, "the text");
    out.text = slice;
    return {};
  } else {
    detail::json_tape tape;
    if (auto failure = tape.parse(json))
      return detail::to_error(failure, "the text");
    return detail::bind_json(tape.root(), out);
  }
}

/// Reads one JSON value.
template <class T>
caf::expected<T> from_json(std::string_view json) {
  T result{};
  if (auto err = from_json(json, result))
    return err;
  return result;
}

/// Appends a value. Members without a value are left out; a number that JSON
/// cannot express (NaN, infinity) is `null`; bytes that are not valid UTF-8
/// become U+FFFD. Throws nothing but `std::bad_alloc`.
template <class T>
void append_json(std::string& out, const T& value) {
  constexpr bool writable = json_writable<T>;
  if constexpr (!writable)
    static_assert(writable,
                  "flamigo: this type cannot be written as JSON. Describe the "
                  "struct with BOOST_DESCRIBE_STRUCT(name, (bases), (members)) "
                  "in its own namespace, or use one of the types that "
                  "flamigo/json/json.hpp lists");
  else
    detail::json_codec<T>::write(out, value);
}

/// Returns a value as JSON.
template <class T>
std::string to_json(const T& value) {
  std::string result;
  append_json(result, value);
  return result;
}

/// Returns the members of a struct that need not come, with what they are then:
/// `{"limit":20}`.
template <class T>
std::string default_members() {
  std::string result;
  if constexpr (described_struct<T>)
    detail::append_defaults<T>(result);
  else
    result = "{}";
  return result;
}

/// Returns whether a text is one JSON value, UTF-8 and at most 128 levels deep.
inline bool is_json(std::string_view text) {
  std::string_view slice;
  return !detail::check_json(text, slice);
}

/// Returns a short name for people: `post`, `vector<post>`, `string`.
template <class T>
  requires(json_readable<T> || json_writable<T>)
std::string type_name() {
  return detail::json_codec<T>::name();
}

} // namespace flamigo
